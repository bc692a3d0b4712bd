package attach

import (
	"errors"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
)

// past is what was fetched of the node's tape. Client.mu guards it.
type past struct {
	moment time.Time // that was asked for last
	at     time.Time // of snap
	snap   *dhtcore.Snapshot
	asking time.Time // the moment that is on its way; zero for none
}

// pastOf is a Client as the ui.Past of its node.
type pastOf Client

// Span implements ui.Past.
func (p *pastOf) Span() (first, last time.Time) {
	c := (*Client)(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tape.first, c.tape.last
}

// At implements ui.Past. While the node has not answered, it returns what it returned before.
func (p *pastOf) At(moment time.Time) (*dhtcore.Snapshot, time.Time, error) {
	c := (*Client)(p)
	c.mu.Lock()
	known, asking := c.past, c.past.asking
	c.mu.Unlock()
	if known.snap != nil && known.moment.Equal(moment) {
		return known.snap, known.at, nil
	}
	if !asking.IsZero() { // one at a time: a key that repeats is faster than a network
		return known.snap, known.at, nil
	}
	answers := make(chan error, 1)
	c.setAsking(moment)
	_, err := send(c, protocol.Past, moment.UnixNano(), func(a *protocol.Answer) { answers <- c.arrived(moment, a) })
	if err != nil {
		c.setAsking(time.Time{})
		return nil, time.Time{}, err
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case err = <-answers:
	case <-wait.C:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.past.snap, c.past.at, err
}

func (c *Client) setAsking(moment time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.past.asking = moment
}

// arrived takes in the Snapshot of a moment.
func (c *Client) arrived(moment time.Time, a *protocol.Answer) error {
	snap, at, err := pastIn(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.past.asking = time.Time{}
	if err == nil && snap != nil {
		c.revision++
		snap.Revision = c.revision
		c.past.moment, c.past.at, c.past.snap = moment, at, snap
	}
	return err
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
