// Leave at once: the red bar, or Escape three times. Without script the bar is a form, and the server redirects.
(function () {
  'use strict'
  var KEY_WINDOW_MS = 3000
  var presses = []

  function leave (form) {
    document.documentElement.hidden = true
    // Where the line is lost just now nothing arrives: then the next page that is asked of us ends what was begun.
    document.cookie = 'keluar=1; path=/; samesite=strict'
    // The session and the draft end even while this page is being left; a browser that can't send so posts the form.
    if (form.dataset.away && navigator.sendBeacon && navigator.sendBeacon(form.action)) {
      window.location.replace(form.dataset.away)
    } else {
      HTMLFormElement.prototype.submit.call(form)
    }
  }

  function start () {
    var form = document.querySelector('form[data-leave]')
    var link = document.querySelector('a[data-leave]')
    function go () {
      if (form) {
        leave(form)
      } else if (link) {
        document.documentElement.hidden = true
        window.location.replace(link.href)
      }
    }
    document.querySelectorAll('[data-leave]').forEach(function (bar) {
      bar.addEventListener(bar === link ? 'click' : 'submit', function (event) {
        event.preventDefault()
        go()
      })
    })
    document.addEventListener('keydown', function (event) {
      if (event.key !== 'Escape') {
        presses = []
        return
      }
      var now = Date.now()
      presses = presses.filter(function (at) { return now - at < KEY_WINDOW_MS })
      presses.push(now)
      if (presses.length === 3) go()
    })
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
