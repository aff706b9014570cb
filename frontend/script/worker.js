// Sixteen small puzzles: for each, a number whose SHA-256 together with the challenge begins with enough zeroes.
// Asks no other server for anything. Its own SHA-256, because the browser's answers only after a pause each time.
'use strict'

var K = new Int32Array(64)
var START = new Int32Array(8)

;(function () {
  var found = 0
  var candidate = 2
  function fraction (root) { return (root - Math.floor(root)) * 4294967296 | 0 }
  while (found < 64) {
    var prime = true
    for (var by = 2; by * by <= candidate; by++) if (candidate % by === 0) { prime = false; break }
    if (prime) {
      if (found < 8) START[found] = fraction(Math.sqrt(candidate))
      K[found++] = fraction(Math.cbrt(candidate))
    }
    candidate++
  }
})()

var schedule = new Int32Array(64)

// The first 32 bits of the SHA-256 of one block: eight words of the challenge, the puzzle's place, the number.
function firstWord (challenge, place, number) {
  var w = schedule
  var i
  for (i = 0; i < 8; i++) w[i] = challenge[i]
  w[8] = place
  w[9] = number
  w[10] = 0x80000000 | 0
  for (i = 11; i < 15; i++) w[i] = 0
  w[15] = 320
  for (i = 16; i < 64; i++) {
    var x = w[i - 15]
    var y = w[i - 2]
    var s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)
    var s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10)
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0
  }
  var a = START[0]; var b = START[1]; var c = START[2]; var d = START[3]
  var e = START[4]; var f = START[5]; var g = START[6]; var h = START[7]
  for (i = 0; i < 64; i++) {
    var t1 = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
    var t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0
  }
  return (a + START[0]) >>> 0
}

self.onmessage = function (message) {
  var asked = message.data
  var challenge = new Int32Array(8)
  for (var i = 0; i < 8; i++) challenge[i] = parseInt(asked.challenge.slice(8 * i, 8 * i + 8), 16) | 0
  for (var place = asked.done; place < asked.puzzles; place++) {
    var number = 0
    while (firstWord(challenge, place, number) >>> (32 - asked.bits)) number++
    self.postMessage(number)
  }
}
