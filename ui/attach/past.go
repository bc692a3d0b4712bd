package attach

import (
	"errors"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
)

// past is what was fetched last of the node's tape.
type past struct {
	turn   sync.Mutex // one fetches at a time; it is held for as long as that takes
	moment time.Time  // that was asked for
	at     time.Time  // of snap
	snap   *dhtcore.Snapshot
}

// pastPatience is how long a picture of the past is waited for: it may be large, and the network slow.
const pastPatience = 10 * time.Second

// pastLooks is how many pictures of the past are fetched to mark what happened when: each is large.
const pastLooks = 12

var errPastLate = errors.New("the node has not sent that picture of the past yet: try again")

// pastOf is a Client as the ui.Past of its node.
type pastOf Client

// Span implements ui.Past.
func (p *pastOf) Span() (first, last time.Time) {
	c := (*Client)(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tape.first, c.tape.last
}

// At implements ui.Past.
func (p *pastOf) At(moment time.Time) (*dhtcore.Snapshot, time.Time, error) {
	c := (*Client)(p)
	known := &c.past
	known.turn.Lock()
	defer known.turn.Unlock()
	if known.snap != nil && known.moment.Equal(moment) {
		return known.snap, known.at, nil
	}
	type arrival struct {
		snap *dhtcore.Snapshot
		at   time.Time
		err  error
	}
	arrived := make(chan arrival, 1)
	if _, err := send(c, protocol.Past, moment.UnixNano(), func(a *protocol.Answer) {
		snap, at, err := pastIn(a)
		arrived <- arrival{snap, at, err}
	}); err != nil {
		return nil, time.Time{}, err
	}
	wait := time.NewTimer(pastPatience)
	defer wait.Stop()
	select {
	case a := <-arrived:
		if a.err != nil || a.snap == nil {
			return nil, time.Time{}, a.err
		}
		c.mu.Lock()
		c.revision++
		a.snap.Revision = c.revision
		c.mu.Unlock()
		known.moment, known.at, known.snap = moment, a.at, a.snap
		return a.snap, a.at, nil
	case <-wait.C:
		return nil, time.Time{}, errPastLate
	}
}

func pastIn(a *protocol.Answer) (*dhtcore.Snapshot, time.Time, error) {
	answer, err := resultOf(protocol.Past, a)
	if err != nil || answer.Frame == nil {
		return nil, time.Time{}, err
	}
	d, err := record.NewDecoder[dhtcore.Snapshot]()
	if err != nil {
		return nil, time.Time{}, err
	}
	snap, err := d.Base(answer.Frame)
	if err != nil {
		return nil, time.Time{}, errors.Join(errFrames, err)
	}
	return snap, timeOf(answer.At), nil
}

// timeOf is the time of nanoseconds since 1970; zero for 0.
func timeOf(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos)
}

// span is a part of the past.
type span struct{ first, last time.Time }
