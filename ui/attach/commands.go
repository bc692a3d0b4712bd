package attach

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/record"
	"dhtop/ui"
	"dhtop/ui/attach/protocol"
	"dhtop/views/screen"
)

// patience is how long the screen waits for the answer to a command.
const patience = 200 * time.Millisecond

// maxLate bounds the errors that nobody has looked at.
const maxLate = 8

// errLost is the error of a request on a connection that was lost.
var errLost = errors.New("the connection was lost before an answer came: it may be done, or not")

// errLater is the error of a request whose answer has not come yet.
var errLater = errors.New("no answer yet")

// call sends a request and waits for its answer, at most for patience. Then the error is errLater: one that comes later is
// told by nextLate.
func call[A, R any](c *Client, op protocol.Op[A, R], args A) (result R, err error) {
	answers := make(chan *protocol.Answer, 1)
	id, err := send(c, op, args, func(a *protocol.Answer) { answers <- a })
	if err != nil {
		return result, err
	}
	wait := time.NewTimer(c.patience)
	defer wait.Stop()
	select {
	case a := <-answers:
		return resultOf(op, a)
	case <-wait.C:
	}
	if c.wantLate(id) {
		return result, errLater
	}
	return resultOf(op, <-answers) // it came just now
}

// send sends a request, whose answer is handled so.
func send[A, R any](c *Client, op protocol.Op[A, R], args A, answered func(*protocol.Answer)) (id uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.link
	switch {
	case l == nil:
		return 0, fmt.Errorf("not connected to %s: nothing was sent", c.target)
	case op.Command && c.state.ReadOnly != "":
		return 0, errors.New(c.state.ReadOnly)
	case len(l.queue) >= maxQueue:
		return 0, fmt.Errorf("%s does not keep up: try again in a moment", c.target)
	}
	id = c.expect(l, answered)
	b, err := op.NewRequest(id, args)
	if err != nil {
		delete(l.waiting, id)
		return 0, err
	}
	l.queue = append(l.queue, b)
	l.hurry()
	return id, nil
}

func resultOf[A, R any](_ protocol.Op[A, R], a *protocol.Answer) (result R, err error) {
	switch {
	case a == nil:
		return result, errLost
	case a.Error != "":
		return result, errors.New(printable.String(a.Error))
	}
	if _, none := any(result).(protocol.None); none {
		return result, nil
	}
	return result, protocol.Decode(a.Result, &result)
}

// answer hands an Answer to what waits for it.
func (c *Client) answer(l *link, a *protocol.Answer) {
	c.mu.Lock()
	answered := l.waiting[a.ID]
	delete(l.waiting, a.ID)
	c.mu.Unlock()
	if answered != nil {
		answered(a)
	}
}

// wantLate has an error that answers a request told by nextLate. It reports whether there is no answer yet.
func (c *Client) wantLate(id uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == nil || c.link.waiting[id] == nil {
		return false
	}
	c.link.waiting[id] = c.lateAnswer
	return true
}

// lateAnswer keeps the error of an Answer that nobody waits for.
func (c *Client) lateAnswer(a *protocol.Answer) {
	if a == nil {
		c.tell(errLost)
	} else if a.Error != "" {
		c.tell(errors.New(printable.String(a.Error)))
	}
}

// lookAnswer is lateAnswer for what is sent anew when the connection is back.
func (c *Client) lookAnswer(a *protocol.Answer) {
	if a != nil {
		c.lateAnswer(a)
	}
}

// tell keeps an error for nextLate.
func (c *Client) tell(err error) {
	if err == nil || errors.Is(err, errLater) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.late) < maxLate {
		c.late = append(c.late, err)
	}
}

// nextLate returns the oldest error that answers a request of some time ago, and forgets it; nil for none.
func (c *Client) nextLate() (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.late) > 0 {
		err, c.late = c.late[0], c.late[1:]
	}
	return err
}

// do is call of a command without a result. One that has not answered yet is taken to succeed.
func do[A any](c *Client, op protocol.Op[A, protocol.None], args A) error {
	_, err := call(c, op, args)
	if errors.Is(err, errLater) {
		return nil
	}
	return err
}

// commands are those parts of the Core that send requests.
func (c *Client) commands() ui.Core {
	return ui.Core{
		StartLookup:    func(hash dhtcore.ID) error { return do(c, protocol.StartLookup, hash) },
		StartFetchName: func(hash dhtcore.ID) error { return do(c, protocol.StartFetchName, hash) },
		StartAnnounce: func(hash dhtcore.ID, port uint16) error {
			return do(c, protocol.StartAnnounce, protocol.AnnounceArgs{Hash: hash, Port: port})
		},
		StartScrape: func(hash dhtcore.ID) (int, error) {
			n, err := call(c, protocol.StartScrape, hash)
			if errors.Is(err, errLater) {
				return len(c.newest().Trackers[hash].Known), nil
			}
			return n, err
		},
		Watch: func(entry dhtcore.WatchEntry) (bool, error) {
			fresh, err := call(c, protocol.Watch, entry)
			if errors.Is(err, errLater) {
				return true, nil
			}
			return fresh, err
		},
		Unwatch: func(hash dhtcore.ID) error { return do(c, protocol.Unwatch, hash) },
		StartPing: func(addr netip.AddrPort, id dhtcore.ID, times int) error {
			return do(c, protocol.StartPing, protocol.PingArgs{Addr: addr, ID: id, Times: times})
		},
		StopPing: func() { c.tell(do(c, protocol.StopPing, protocol.None{})) },
		SetCrawl: func(on bool) { c.tell(do(c, protocol.SetCrawl, on)) },
		ScaleLimits: func(factor float64) dhtcore.Limits {
			l, err := call(c, protocol.ScaleLimits, factor)
			if err != nil {
				c.tell(err)
				return c.newest().Traffic.Limits
			}
			return l
		},
		ZoomCrawl: func(prefix byte) screen.CrawlCells {
			cells, err := call(c, protocol.Zoom, prefix)
			c.tell(err)
			return cells
		},
		LearnTorrent: c.learn,
		Note: func(text string) {
			send(c, protocol.Note, text, func(*protocol.Answer) {}) //nolint:errcheck // the screen has shown it
		},
		WatchPackets: c.watchPackets, RankBy: c.rankBy, RankSwarmsBy: c.rankSwarmsBy, WatchHash: c.watchHash,
		Lab: ui.LabCore{
			State:         c.lab,
			SetConditions: func(conditions dhtcore.Conditions) error { return do(c, protocol.SetConditions, conditions) },
			Begin:         func(i dhtcore.Incident) error { return do(c, protocol.BeginIncident, i) },
			End:           func(k dhtcore.IncidentKind) { c.tell(do(c, protocol.EndIncident, k)) },
			Run: func(s *dhtcore.Scenario) error {
				if s == nil {
					return do(c, protocol.RunScenario, "")
				}
				return do(c, protocol.RunScenario, s.Name)
			},
		},
	}
}

// newest is Snapshot without a look.
func (c *Client) newest() *dhtcore.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.snap
}

// maxInfo is how much of a torrent file is sent: the name and the files of a larger one are not told.
const maxInfo = protocol.MaxCommand - 1<<20

// learn is Explorer.LearnTorrent.
func (c *Client) learn(t *dhtcore.Torrent) {
	if c.State().ReadOnly != "" {
		return // what the screen shows of a torrent it knows then without its name
	}
	args := protocol.TorrentArgs{Hashes: t.Hashes, Info: t.Info, Trackers: t.Trackers}
	if t.HasV2() {
		args.V2 = t.V2[:]
	}
	if len(args.Info) > maxInfo {
		args.Info = nil
	}
	c.tell(do(c, protocol.LearnTorrent, args))
}

// lab returns the state of the lab: that of the last Snapshot where the node does not answer at once.
func (c *Client) lab() (state dhtcore.LabState) {
	if frame, err := call(c, protocol.Lab, protocol.None{}); err == nil {
		d, err := record.NewDecoder[dhtcore.LabState]()
		if err != nil {
			return state
		}
		if s, err := d.Base(frame); err == nil {
			return *s
		}
	}
	if l := c.newest().Lab; l != nil {
		state = *l
	}
	return state
}
