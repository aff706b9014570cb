// Keeps what is being typed, sealed on the server: a lost line, or a page closed by mistake, costs some seconds.
(function () {
  'use strict'
  var EVERY_MS = 8000

  function start () {
    var form = document.querySelector('form[data-keep]')
    if (!form || !window.fetch || !window.AbortController) return
    var note = form.querySelector('[data-kept]')
    var timer = 0
    var sending = null

    function keep () {
      timer = 0
      var told = new window.URLSearchParams(new window.FormData(form))
      told.set('go', 'keep')
      sending = new window.AbortController()
      window.fetch(form.action, { method: 'POST', body: told, credentials: 'same-origin', signal: sending.signal })
        .then(function (answer) { return answer.json() })
        .then(function (told) { note.textContent = told.kept && !timer ? note.dataset.kept : '' })
        .catch(function () { note.textContent = '' })
    }

    form.addEventListener('input', function () {
      note.textContent = ''
      if (!timer) timer = window.setTimeout(keep, EVERY_MS)
    })
    // What is sent now is newer than what is on its way.
    form.addEventListener('submit', function (event) {
      if (event.defaultPrevented) return
      window.clearTimeout(timer)
      timer = 0
      if (sending) sending.abort()
    })
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
