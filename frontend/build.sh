#!/bin/sh
# Builds the styles and copies script, typeface and icons to where Django serves them; what it makes is committed.
#   ./build.sh           builds
#   ./build.sh --check   builds beside, and fails where the committed files differ
set -eu
cd "$(dirname "$0")"
committed=../src/ruangaman/kernel/static/ruangaman
target=$committed
case "${1:-}" in
  "") ;;
  --check) target=$(mktemp -d); trap 'rm -rf "$target"' EXIT ;;
  *) sed -n '2,4p' "$0" >&2; exit 2 ;;
esac

npm ci --ignore-scripts --no-audit --no-fund --silent
mkdir -p "$target/fonts"
for sheet in public forms staff; do
  npx sass --load-path=. --style=compressed --no-source-map "styles/$sheet.scss" "$target/$sheet.css"
done
cp script/*.js icons/* licences.txt "$target/"
typeface=node_modules/@fontsource-variable/plus-jakarta-sans
cp "$typeface/files/plus-jakarta-sans-latin-wght-normal.woff2" "$target/fonts/plus-jakarta-sans.woff2"
cp "$typeface/LICENSE" "$target/fonts/OFL.txt"

if [ "$target" != "$committed" ]; then
  diff -r "$committed" "$target" || { echo "The built files differ: run frontend/build.sh and commit what it made." >&2; exit 1; }
  echo "The committed styles are what the sources build."
fi
