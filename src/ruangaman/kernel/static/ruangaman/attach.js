// Attaching files: each is sent in pieces, one file after the other, and goes on where it was after a lost connection.
(function () {
  'use strict'
  var WAITS = [1000, 2000, 4000, 8000, 15000, 30000]

  function wait (milliseconds) {
    return new Promise(function (resolve) { window.setTimeout(resolve, milliseconds) })
  }

  function newId () {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16))
    return Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2) }).join('')
  }

  // What the server said no to, in its own words; anything else is a connection that may come back.
  function Refusal (sentences) { this.sentences = sentences }
  function Lost () {}

  function start (form) {
    var say = form.dataset
    var input = form.querySelector('input[type=file]')
    var list = form.querySelector('[data-list]')
    var button = form.querySelector('button[type=submit]')
    var token = form.querySelector('[name=csrfmiddlewaretoken]').value
    var size = Number(say.piece)
    input.multiple = true

    function ask (url, body, type) {
      var headers = { 'X-CSRFToken': token, Accept: 'application/json' }
      if (type) headers['Content-Type'] = type
      return window.fetch(url, { method: body === undefined ? 'GET' : 'POST', headers: headers, body: body, credentials: 'same-origin' })
        .catch(function () { throw new Lost() })
        .then(function (answer) {
          var isOurs = (answer.headers.get('Content-Type') || '').indexOf('application/json') === 0
          if (answer.status >= 500 || answer.status === 408) throw new Lost()
          if (!isOurs) throw new Refusal([say.sayFailed])
          return answer.json().then(function (told) {
            if (!answer.ok) throw new Refusal(told.errors)
            return told
          })
        })
    }

    function line (file) {
      var item = document.createElement('li')
      var name = document.createElement('strong')
      var bar = document.createElement('progress')
      var words = document.createElement('span')
      var cancel = document.createElement('button')
      name.textContent = file.name
      bar.max = 100
      bar.value = 0
      bar.setAttribute('aria-label', file.name)
      words.textContent = say.sayWaiting
      cancel.type = 'button'
      cancel.className = 'govuk-button govuk-button--secondary'
      cancel.textContent = say.sayCancel
      item.append(name, bar, words, cancel)
      list.append(item)
      var shown = { cancelled: false, state: '', tell: function (text) { if (words.textContent !== text) words.textContent = text }, bar: bar }
      shown.end = function (state, text) {
        shown.state = state
        item.dataset.state = state
        shown.tell(text)
        bar.hidden = true
        cancel.remove()
      }
      cancel.addEventListener('click', function () { shown.cancelled = true })
      return shown
    }

    function send (file, begun, shown, received, failures) {
      if (shown.cancelled) {
        return ask(begun.drop_url, '').then(function () { shown.end('dropped', say.sayDropped) })
      }
      var at = received * size
      var step
      if (at < file.size) {
        shown.bar.value = Math.round(100 * at / file.size)
        shown.tell(say.saySending)
        step = ask(begun.piece_url.replace(/0\/$/, received + '/'), file.slice(at, at + size), 'application/octet-stream')
          .then(function (told) { return send(file, begun, shown, told.received, 0) })
      } else {
        shown.bar.removeAttribute('value')
        shown.tell(say.sayChecking)
        step = ask(begun.finish_url, '').then(function (told) { shown.end('kept', say.sayKept + ' · ' + told.scan) })
      }
      return step.catch(function (no) {
        if (!(no instanceof Lost) || failures >= WAITS.length) throw no
        shown.tell(say.sayAgain)
        return wait(WAITS[failures])
          .then(function () { return ask(begun.state_url).catch(function (gone) { if (gone instanceof Lost) return { received: received }; throw gone }) })
          .then(function (told) {
            if (told.kept) return shown.end('kept', say.sayKept)
            return send(file, begun, shown, told.received, failures + 1)
          })
      })
    }

    // An answer that got lost: the file is announced again under the same id, and begun once.
    function begin (fields, shown, failures) {
      return ask(say.attach, fields, 'application/x-www-form-urlencoded').catch(function (no) {
        if (!(no instanceof Lost) || failures >= WAITS.length) throw no
        shown.tell(say.sayAgain)
        return wait(WAITS[failures]).then(function () { return begin(fields, shown, failures + 1) })
      })
    }

    function attach (file, shown, several) {
      if (file.size > Number(say.largest)) return Promise.resolve(shown.end('refused', say.sayLarge))
      var about = new window.FormData(form)
      var fields = new window.URLSearchParams()
      about.forEach(function (value, field) { if (field !== 'file' && field !== 'paper_id') fields.append(field, value) })
      if (several) fields.set('name', '')
      fields.set('file_name', file.name)
      fields.set('size', String(file.size))
      fields.set('paper_id', newId())
      return begin(fields.toString(), shown, 0)
        .then(function (begun) { return send(file, begun, shown, begun.received, 0) })
        .catch(function (no) { shown.end('refused', no instanceof Refusal ? no.sentences.join(' ') : say.sayFailed) })
    }

    function tellOnly (text) {
      var only = document.createElement('li')
      list.textContent = ''
      only.textContent = text
      list.append(only)
    }

    // Whoever chose a file and goes on without sending it believes that it went along. Told once; then it is her will.
    document.addEventListener('submit', function (event) {
      var goesOn = event.target !== form && event.submitter && event.submitter.value === 'next'
      if (!say.sayNotYet || !goesOn || !input.files.length || form.dataset.told) return
      event.preventDefault()
      event.stopImmediatePropagation()
      form.dataset.told = 'yes'
      if (!button.disabled) tellOnly(say.sayNotYet)
      button.focus()
    }, true)

    form.addEventListener('submit', function (event) {
      event.preventDefault()
      if (button.disabled) return
      var files = Array.prototype.slice.call(input.files)
      list.textContent = ''
      if (!files.length) {
        tellOnly(say.sayNone)
        input.focus()
        return
      }
      button.disabled = true
      var lines = files.map(line)
      files.reduce(function (before, file, place) {
        return before.then(function () { return attach(file, lines[place], files.length > 1) })
      }, Promise.resolve()).then(function () {
        button.disabled = false
        if (lines.every(function (shown) { return shown.state === 'kept' })) window.location.assign(say.back)
      })
    })
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('form[data-attach]').forEach(start)
  })
})()
