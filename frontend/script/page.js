// What every page does when script runs. Each page works without it.
(function () {
  'use strict'
  document.documentElement.classList.add('has-script')

  // A page that the browser kept for "Back" is asked for again: it may hold what was opened before leaving.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) window.location.reload()
  })

  function goToField (event) {
    var field = document.getElementById(event.target.hash.slice(1))
    if (!field) return
    var control = field.matches('input, select, textarea') ? field : field.querySelector('input, select, textarea')
    if (!control) return
    event.preventDefault()
    var group = control.closest('.govuk-form-group')
    if (group) group.scrollIntoView()
    control.focus({ preventScroll: true })
  }

  document.addEventListener('DOMContentLoaded', function () {
    // The answer to a form that a browser would send once more for "Back": it asks for the page instead.
    if (document.querySelector('[data-ask-again]')) window.history.replaceState(null, '', window.location.href)
    var summary = document.querySelector('.govuk-error-summary')
    if (summary) {
      summary.focus()
      summary.querySelectorAll('a[href^="#"]').forEach(function (link) { link.addEventListener('click', goToField) })
    }
    document.querySelectorAll('[data-print]').forEach(function (button) {
      button.addEventListener('click', function () { window.print() })
    })
  })

  // Sent without a line, a page is lost with what was typed on it: the browser keeps nothing of ours for "Back".
  function stay (form) {
    var told = form.querySelector('[data-offline]')
    if (!told) {
      told = document.createElement('p')
      told.className = 'note note--care'
      told.setAttribute('data-offline', '')
      told.setAttribute('role', 'alert')
      var buttons = form.querySelector('.govuk-button-group, button')
      buttons.parentNode.insertBefore(told, buttons)
    }
    told.textContent = ''
    told.textContent = document.body.dataset.sayOffline
    told.scrollIntoView({ block: 'center' })
  }

  // The second of two quick clicks would send a form twice.
  document.addEventListener('submit', function (event) {
    var form = event.target
    var now = Date.now()
    if (navigator.onLine === false && document.body.dataset.sayOffline && !('leave' in form.dataset)) {
      event.preventDefault()
      stay(form)
      return
    }
    form.querySelectorAll('[data-offline]').forEach(function (told) { told.remove() })
    if (form.dataset.sentAt && now - Number(form.dataset.sentAt) < 1500) event.preventDefault()
    form.dataset.sentAt = String(now)
  })
})()
