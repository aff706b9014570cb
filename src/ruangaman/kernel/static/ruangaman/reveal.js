// Questions that only some are asked: shown when an answer calls for them. Without script they are all there.
(function () {
  'use strict'

  function start () {
    var parts = Array.prototype.slice.call(document.querySelectorAll('[data-when]'))
    if (!parts.length) return

    function show () {
      parts.forEach(function (part) {
        var chosen = document.querySelector('[name="' + part.dataset.when + '"]:checked')
        var wanted = Boolean(chosen) && part.dataset.is.split(' ').indexOf(chosen.value) >= 0
        // What is wrong or was answered before is never hidden from who must see it.
        var told = part.querySelector('[aria-invalid="true"], .govuk-form-group--error') !== null
        part.hidden = !(wanted || told)
        part.querySelectorAll('input').forEach(function (field) { field.disabled = part.hidden })
      })
    }

    document.addEventListener('change', show)
    show()
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
