package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/transform"
	"dhtop/views/screen"
)

// scrubber moves the screen through the past. The zero value shows now. Pictures are unpacked on a goroutine of their
// own, one at a time: what is asked for meanwhile is the next.
type scrubber struct {
	at      time.Time // the moment asked for; zero while now is shown
	forward bool      // that moment was reached by going forward
	shown   time.Time // of the picture on the screen; zero before the first
	busy    bool      // a picture is being unpacked
	waiting bool      // for the first one

	steps steps
	marks marks

	playing bool
	speed   float64
	moved   time.Time // when playing moved at last
	gaps    int       // damaged parts that were told of
}

// on reports whether the past is shown.
func (s *scrubber) on() bool { return !s.at.IsZero() }

// picture is one of the past.
type picture struct {
	snap *dhtcore.Snapshot
	at   time.Time
	err  error
}

// pictureMsg is the picture of the moment that was asked for.
type pictureMsg struct {
	picture
	asked time.Time
}

// mostTries bounds how often a longer step is tried where the next picture is further away than the step.
const mostTries = 24

// unpack returns the picture of a moment. If it is to be one after another picture, the moment is moved on until it is.
func unpack(p Past, moment, after time.Time) tea.Msg {
	_, last := p.Span()
	step := time.Second
	for try := 0; ; try++ {
		snap, at, err := p.At(moment)
		if try == mostTries || after.IsZero() || err != nil || at.After(after) || !moment.Before(last) {
			return pictureMsg{picture{snap, at, err}, moment}
		}
		if moment = moment.Add(step); moment.After(last) {
			moment = last
		}
		step *= 2
	}
}

// canGoBackInTime returns why nothing earlier can be shown.
func canGoBackInTime(m *Model) string {
	if m.core.Past == nil {
		return "nothing earlier is kept here"
	}
	if first, _ := m.core.Past.Span(); first.IsZero() {
		return "nothing earlier is kept yet: try again in a moment"
	}
	return ""
}

// canGoForward returns why nothing later can be shown.
func canGoForward(m *Model) string {
	if !m.scrub.on() {
		return "this is now: { goes back in time"
	}
	return canGoBackInTime(m)
}

// travel returns an action that goes back in time (-1) or forward (1), by longer steps when it is repeated.
func travel(way int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		now, s := time.Now(), &m.scrub
		first, last := m.core.Past.Span()
		from := s.at
		switch {
		case s.on():
		case m.state.Frozen && m.snap.At.Before(last):
			from = m.snap.At
		default:
			from = last
		}
		to := from.Add(time.Duration(way) * s.steps.next(way, now, last.Sub(first)))
		switch {
		case way > 0 && !to.Before(last) && m.core.Replay == nil:
			return m.toNow(now)
		case way > 0 && !to.Before(last):
			to = last
			m.toast.say(now, "this is the end of the recording")
		case way < 0 && !to.After(first):
			to = first
			m.toast.say(now, "this is the oldest picture there is: %s", screen.Clock(first, last))
		}
		return m.seek(to, way > 0, now)
	}
}

// seek shows the picture of a moment, as soon as it is unpacked.
func (m *Model) seek(to time.Time, forward bool, now time.Time) tea.Cmd {
	s := &m.scrub
	entered := !s.on()
	s.at, s.forward, s.moved = to, forward, now
	m.changes++
	if entered {
		m.enterPast()
	}
	m.timer.frozen = !s.playing
	if s.busy {
		return nil
	}
	return tea.Batch(m.unpack(), m.findMarks())
}

// enterPast leaves what is about now.
func (m *Model) enterPast() {
	if m.pinging.running() {
		m.pinging.stop(&m.core)
	}
	m.state.Frozen, m.state.Parts = false, nil
	m.scrub.shown, m.scrub.waiting = m.snap.At, m.core.Replay == nil
	m.scrub.compose(m, time.Now())
}

// unpack begins to unpack the picture that is wanted.
func (m *Model) unpack() tea.Cmd {
	s, past := &m.scrub, m.core.Past
	s.busy = true
	moment, after := s.at, time.Time{}
	if s.forward && !s.playing {
		after = s.shown
	}
	return func() tea.Msg { return unpack(past, moment, after) }
}

// unpacked shows a picture, and begins with the next if another one is wanted by now.
func (m *Model) unpacked(msg pictureMsg, now time.Time) tea.Cmd {
	s := &m.scrub
	s.busy = false
	if !s.on() {
		return nil
	}
	switch {
	case msg.err != nil:
		s.waiting = false
		m.toast.complain(now, msg.err.Error())
		m.changes++
	case msg.snap != nil:
		m.showPicture(msg.picture, now)
	}
	if !s.at.Equal(msg.asked) && !(s.forward && s.at.Before(msg.asked)) {
		return m.unpack()
	}
	if msg.err == nil && msg.snap != nil && !s.playing {
		s.at = msg.at // the next step is from what is seen
	}
	return nil
}

// showPicture puts a picture of the past on the screen.
func (m *Model) showPicture(p picture, now time.Time) {
	s := &m.scrub
	s.waiting = false
	if p.snap == m.raw {
		s.compose(m, now)
		return
	}
	m.changes++
	played := s.playing && p.at.After(s.shown)
	s.shown, m.raw = p.at, p.snap
	s.compose(m, now)
	m.transform.Reorder() // each picture has its own order
	m.snap = m.transform.Apply(m.raw, &m.state, now, false)
	if !played {
		m.highlights = transform.Highlights{} // what lies between two steps did not just happen
	}
	m.state.Marks = m.highlights.Update(m.snap, now)
	m.state.Follow(m.snap)
}

// compose puts into the State where in the past the screen is.
func (s *scrubber) compose(m *Model, now time.Time) {
	first, last := m.core.Past.Span()
	at := s.shown
	if s.waiting {
		at = s.at
	}
	m.state.Past = &screen.Past{At: at, Waiting: s.waiting, Ago: max(now.Sub(s.shown), 0), First: first, Last: last, Step: s.steps.shown(now),
		Marks: s.marks.found, Recording: m.core.Replay != nil, Playing: s.playing, Speed: s.speed}
}

// toNow shows what the node sees now again.
func (m *Model) toNow(now time.Time) tea.Cmd {
	m.scrub = scrubber{marks: m.scrub.marks, busy: m.scrub.busy}
	m.state.Past, m.timer.frozen = nil, false
	m.transform.Reorder()
	m.highlights = transform.Highlights{}
	m.changes++
	m.refresh(now)
	m.subscribe()
	return m.timer.schedule(now)
}

// tickPast brings the past up to date: its age, its end, and what is played.
func (m *Model) tickPast(now time.Time) tea.Cmd {
	s := &m.scrub
	cmd := m.findMarks()
	if s.playing {
		cmd = tea.Batch(cmd, m.playOn(now))
	}
	m.sayGaps(now)
	s.compose(m, now)
	m.changes++
	return cmd
}

// readOnlyPast is why the past takes no commands.
func (m *Model) readOnlyPast() string {
	return "this is " + screen.Clock(m.scrub.shown, time.Now()) + ", not now: space returns to now"
}

// The step of { and } grows while they are repeated, and shrinks when the way turns, so that a moment is found in a few
// keys.
var stepLadder = [...]time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

const (
	stepsRest  = 3 * time.Second // without a key, after which steps are short again
	stepTwice  = 2               // keys with the same step before it grows
	stepOfSpan = 8               // no step is longer than this part of the span
)

// steps chooses how far { and } go.
type steps struct {
	rung int // of stepLadder
	way  int // of the last key
	keys int // with this step
	last time.Time
}

// next is how far a key goes.
func (s *steps) next(way int, now time.Time, span time.Duration) time.Duration {
	switch {
	case now.Sub(s.last) > stepsRest:
		s.rung, s.keys = 0, 0
	case way != s.way:
		s.rung, s.keys = max(s.rung-2, 0), 0
	case s.keys >= stepTwice && s.rung+1 < len(stepLadder) && stepLadder[s.rung+1] <= span/stepOfSpan:
		s.rung, s.keys = s.rung+1, 0
	}
	s.way, s.last = way, now
	s.keys++
	return stepLadder[s.rung]
}

// shown is the step for the banner: 0 once the next one will be short again.
func (s *steps) shown(now time.Time) time.Duration {
	if s.last.IsZero() || now.Sub(s.last) > stepsRest {
		return 0
	}
	return stepLadder[s.rung]
}

// startReplay begins a recording, and reports whether the Core is one.
func (m *Model) startReplay(now time.Time) tea.Cmd {
	r := m.core.Replay
	if r == nil || m.core.Past == nil {
		return nil
	}
	first, _ := m.core.Past.Span()
	if first.IsZero() {
		return nil
	}
	m.scrub.speed, m.scrub.playing = r.Speed, r.Speed > 0
	if m.scrub.speed <= 0 {
		m.scrub.speed = 1
	}
	if r.Start.After(first) {
		first = r.Start
	}
	return m.seek(first, false, now)
}

// The bounds of the speed of a replay.
const (
	slowestReplay = 1.0 / 8
	FastestReplay = 1024.0
)

// changeSpeed plays faster by so many doublings.
func changeSpeed(m *Model, doublings int) tea.Cmd {
	s := &m.scrub
	for ; doublings > 0; doublings-- {
		s.speed = min(s.speed*2, FastestReplay)
	}
	for ; doublings < 0; doublings++ {
		s.speed = max(s.speed/2, slowestReplay)
	}
	now := time.Now()
	m.toast.say(now, "the speed is %s", screen.Times(s.speed))
	s.compose(m, now)
	return nil
}

// playOrPause plays a recording on, or stops there.
func (m *Model) playOrPause(now time.Time) tea.Cmd {
	s := &m.scrub
	s.playing = !s.playing
	s.moved, m.timer.frozen = now, !s.playing
	s.compose(m, now)
	m.changes++
	return m.timer.schedule(now)
}

// sayGaps says how many parts of a recording are damaged, whenever more are found.
func (m *Model) sayGaps(now time.Time) {
	if m.core.Replay == nil || m.core.Replay.Gaps == nil {
		return
	}
	if n := m.core.Replay.Gaps(); n > m.scrub.gaps {
		m.scrub.gaps = n
		m.toast.complain(now, human.Amount(n, "part", "parts")+" of the recording "+human.Plural(n, "is", "are")+" damaged, and left out")
	}
}

// longPause is how long nothing must have been recorded for playing to leave that time out.
const longPause = 10 * time.Second

// playOn moves on by the time that has passed. It stays at the end, where it goes on if the recording grows.
func (m *Model) playOn(now time.Time) tea.Cmd {
	s := &m.scrub
	_, last := m.core.Past.Span()
	to := s.at.Add(time.Duration(float64(now.Sub(s.moved)) * s.speed))
	if next := m.core.Replay.Next; next != nil {
		if then := next(s.at); then.Sub(s.at) > longPause && then.After(to) {
			m.toast.say(now, "nothing was recorded for %s", human.Age(then.Sub(s.at)))
			to = then
		}
	}
	if to.After(last) {
		to = last
	}
	s.moved = now
	if to.Equal(s.at) || to.Before(s.at) {
		return nil
	}
	return m.seek(to, true, now)
}

// shownAt is when the picture on the screen was taken; now for one that is not of the past.
func (m *Model) shownAt(now time.Time) time.Time {
	if m.scrub.on() {
		return m.scrub.shown
	}
	return now
}

// resumes is what space does in the past, in a word.
func (s *scrubber) resumes(m *Model) string {
	switch {
	case m.core.Replay == nil:
		return "now"
	case s.playing:
		return "pause"
	default:
		return "play"
	}
}
