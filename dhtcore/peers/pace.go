package peers

import "time"

// How long something that looks at all swarms works before it rests.
const (
	aStep   = 0                      // a step: where a millisecond more for each does not matter
	aMoment = 500 * time.Microsecond // where the whole should end soon
	restFor = 100 * time.Microsecond // a millisecond, where the system has nothing else to do
)

// pace lets others run while something looks at all swarms, some at a step. On one core, what answers packets would else
// wait until all steps were done.
type pace struct {
	work  time.Duration
	since time.Time
}

func newPace(work time.Duration) *pace { return &pace{work, time.Now()} }

// rest rests after a step, when it is time to.
func (p *pace) rest() {
	if time.Since(p.since) < p.work {
		return
	}
	time.Sleep(restFor)
	p.since = time.Now()
}
