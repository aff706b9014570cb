// Computes the SHA-256 of a chosen file on this device and writes it into the form. The file is never sent: the field
// has no name and stands outside what a form sends. Without script, or without WebCrypto, the digest is pasted.
(function () {
  'use strict'

  function hex (buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return byte.toString(16).padStart(2, '0')
    }).join('')
  }

  function offer (place) {
    var target = document.getElementById(place.dataset.fingerprint)
    if (!target || !window.crypto || !window.crypto.subtle) return
    var group = document.createElement('div')
    group.className = 'govuk-form-group'
    var label = document.createElement('label')
    label.className = 'govuk-label'
    label.htmlFor = 'fingerprint-file'
    label.textContent = place.dataset.label
    var hint = document.createElement('div')
    hint.className = 'govuk-hint'
    hint.id = 'fingerprint-hint'
    hint.textContent = place.dataset.hint
    var file = document.createElement('input')
    file.type = 'file'
    file.id = 'fingerprint-file'
    file.className = 'govuk-file-upload'
    file.setAttribute('aria-describedby', 'fingerprint-hint')
    var said = document.createElement('p')
    said.className = 'govuk-body-s'
    said.setAttribute('role', 'status')
    group.append(label, hint, file, said)
    place.append(group)

    file.addEventListener('change', function () {
      var chosen = file.files[0]
      if (!chosen) return
      said.textContent = place.dataset.working
      chosen.arrayBuffer().then(function (content) {
        return window.crypto.subtle.digest('SHA-256', content)
      }).then(function (digest) {
        target.value = hex(digest)
        said.textContent = place.dataset.done
      }).catch(function () {
        said.textContent = place.dataset.failed
      }).finally(function () {
        file.value = ''
      })
    })
  }

  document.querySelectorAll('[data-fingerprint]').forEach(offer)
})()
