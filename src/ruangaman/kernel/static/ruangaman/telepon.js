// Taking a report down while somebody speaks: kept as it is typed, by keyboard alone. The page works without it.
(function () {
  'use strict'
  var PAUSE = 600
  var AGAIN = 5000

  function start (form) {
    var say = form.dataset
    var told = document.querySelector('[data-saved]')
    var overtaken = document.querySelector('[data-overtaken]')
    var found = form.querySelector('[data-found]')
    var seen = form.elements.seen
    var saved = typed()
    var saving = null
    var later = null
    var isSending = false
    var isOvertaken = false

    // What stands in the fields, without what only travels along.
    function typed () {
      var fields = new window.URLSearchParams(new window.FormData(form))
      ;['csrfmiddlewaretoken', 'seen', 'window', 'next', 'end-why'].forEach(function (name) { fields.delete(name) })
      return fields.toString()
    }

    function tell (text) { if (told.textContent !== text) told.textContent = text }

    function soon (pause) {
      window.clearTimeout(later)
      later = window.setTimeout(save, pause)
    }

    // One at a time: an answer gives the moment under which the next one is known.
    function save () {
      window.clearTimeout(later)
      if (saving || isSending || isOvertaken) return saving || Promise.resolve()
      var now = typed()
      if (now === saved) return Promise.resolve()
      tell(say.saySaving)
      saving = window.fetch(say.call, {
        method: 'POST',
        headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new window.URLSearchParams(new window.FormData(form)).toString(),
        credentials: 'same-origin',
        redirect: 'manual'
      }).then(function (answer) {
        if (answer.type === 'opaqueredirect' || answer.status === 403) { tell(say.sayEnded); soon(AGAIN); return }
        if (answer.status >= 500) throw new Error('lost')
        if (answer.status === 404) { isOvertaken = true; tell(say.sayGone); return }
        return answer.json().then(function (said) {
          if (said.seen) seen.value = said.seen
          if (answer.ok) {
            saved = now
            overtaken.textContent = ''
            tell(say.saySaved + ' ' + new Date().toLocaleTimeString('id-ID', { hour: '2-digit', minute: '2-digit', second: '2-digit' }))
          } else if (said.html) {
            isOvertaken = true
            overtaken.innerHTML = said.html
            tell(say.sayOther)
          } else {
            tell(said.refused || say.sayLost)
          }
        })
      }).catch(function () { tell(say.sayLost); soon(AGAIN) }).then(function () {
        saving = null
        if (!isOvertaken && typed() !== saved && !isSending) soon(AGAIN)
      })
      return saving
    }

    // --- who may be known already: asked when the typing rests, once for each question ---

    var asked = ''
    var asking = null
    function question () {
      return ['name', 'subject', 'born_year', 'place', 'phone'].map(function (name) { return form.elements[name].value.trim() }).join('\n')
    }
    function look (elsewhere) {
      var now = question()
      if (!elsewhere && now === asked) return
      asked = now
      var body = new window.URLSearchParams(new window.FormData(form))
      if (elsewhere) body.set('elsewhere', 'yes')
      window.fetch(say.alike, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: body.toString(),
        credentials: 'same-origin',
        redirect: 'manual'
      }).then(function (answer) {
        if (!answer.ok) throw new Error('lost')
        return answer.text().then(function (html) { if (question() === now) found.innerHTML = html })
      }).catch(function () { asked = '' })
    }
    function lookSoon () {
      window.clearTimeout(asking)
      asking = window.setTimeout(look, PAUSE)
    }

    // --- what is shown only where it is asked for ---

    var parts = Array.prototype.map.call(document.querySelectorAll('[data-when]'), function (part) {
      var rule = /^(\w+)(!?=)(.*)$/.exec(part.dataset.when)
      return { part: part, name: rule[1], same: rule[2] === '=', values: rule[3].split(',') }
    })
    function arrange () {
      var fields = new window.FormData(form)
      parts.forEach(function (one) {
        one.part.hidden = (one.values.indexOf(fields.get(one.name) || '') >= 0) !== one.same
      })
    }

    // In danger nobody waits for the limits of secrecy to be read: that they were not is what is recorded.
    function inDanger (event) {
      var limits = form.elements.limits
      if (limits && event.target.name === 'safe_now' && event.target.value === 'no' && !limits.value) limits.value = 'no_time'
    }

    form.addEventListener('input', function (event) {
      inDanger(event)
      arrange()
      soon(PAUSE)
      if (/^(name|subject|born_year|place|phone)$/.test(event.target.name)) lookSoon()
    })
    form.addEventListener('change', arrange)
    form.addEventListener('focusout', function () { if (typed() !== saved) soon(0) })

    function send (button) {
      if (isSending) return
      isSending = true
      // The save that is on its way first: what is sent stands on it.
      ;(saving || Promise.resolve()).then(function () { form.requestSubmit(button) })
    }
    form.addEventListener('submit', function (event) {
      var button = event.submitter
      if (button && button.hasAttribute('data-elsewhere')) { event.preventDefault(); look(true); return }
      if (button && button.hasAttribute('data-save')) { event.preventDefault(); isOvertaken = false; save(); return }
      if (!isSending && saving) { event.preventDefault(); delete form.dataset.sentAt; send(button) }
      isSending = true
    })
    form.addEventListener('keydown', function (event) {
      if (event.key !== 'Enter') return
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        send(form.querySelector('[data-send]'))
      } else if (event.target.matches('input, select')) {
        event.preventDefault()
      }
    })
    document.addEventListener('keydown', function (event) {
      if (event.key === 'F2') { event.preventDefault(); form.elements.story.focus() }
      if ((event.ctrlKey || event.metaKey) && event.key === 's') { event.preventDefault(); isOvertaken = false; save() }
    })
    window.addEventListener('beforeunload', function (event) { if (!isSending && typed() !== saved) event.preventDefault() })

    arrange()
    if (found.textContent.trim() === '' && question().trim() !== '') look()
    var first = form.querySelector('input[name=safe_now]')
    if (first && !document.querySelector('.govuk-error-summary') && document.activeElement === document.body) first.focus()
  }

  document.addEventListener('DOMContentLoaded', function () {
    var form = document.querySelector('form[data-call]')
    if (form) start(form)
  })
})()
