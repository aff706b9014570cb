// A voice note, recorded here and kept in memory until it is sent; and a photo just taken joins the other files.
(function () {
  'use strict'
  var LONGEST_MS = 10 * 60 * 1000

  function join (input, files) {
    var all = new window.DataTransfer()
    Array.prototype.forEach.call(input.files, function (file) { all.items.add(file) })
    files.forEach(function (file) { all.items.add(file) })
    input.files = all.files
  }

  function ending (type) {
    if (type.indexOf('mp4') >= 0) return 'm4a'
    return type.indexOf('ogg') >= 0 ? 'ogg' : 'webm'
  }

  function record (box, input) {
    var say = box.dataset
    var button = box.querySelector('button')
    var words = box.querySelector('[aria-live]')
    var recorder = null
    var count = 0

    function begin (stream) {
      var parts = []
      recorder = new window.MediaRecorder(stream)
      recorder.ondataavailable = function (event) { if (event.data.size) parts.push(event.data) }
      recorder.onstop = function () {
        stream.getTracks().forEach(function (track) { track.stop() })
        var type = recorder.mimeType || 'audio/webm'
        recorder = null
        button.textContent = say.sayStart
        if (!parts.length) return
        count++
        join(input, [new window.File(parts, say.sayName + '-' + count + '.' + ending(type), { type: type })])
        words.textContent = say.sayDone
      }
      recorder.start()
      button.textContent = say.sayStop
      words.textContent = say.sayGoing
      window.setTimeout(function () { if (recorder) recorder.stop() }, LONGEST_MS)
    }

    button.addEventListener('click', function () {
      if (recorder) {
        recorder.stop()
        return
      }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () { words.textContent = say.sayNo })
    })
  }

  function start () {
    if (!window.DataTransfer) return
    document.querySelectorAll('input[data-joins]').forEach(function (camera) {
      var first = camera.form.querySelector('input[type=file]')
      camera.addEventListener('change', function () {
        join(first, Array.prototype.slice.call(camera.files))
        camera.value = ''
      })
    })
    var box = document.querySelector('[data-record]')
    if (!box || !window.MediaRecorder || !navigator.mediaDevices) return
    box.hidden = false
    record(box, box.closest('form').querySelector('input[type=file]'))
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
