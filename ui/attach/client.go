package attach

import (
	"context"
	"errors"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/ui/attach/protocol"
	"dhtop/views/screen"
)

// The pauses between two attempts to connect: each is twice as long as the one before.
const (
	firstPause   = 250 * time.Millisecond
	longestPause = 5 * time.Second

	stableAfter = 5 * time.Second // a connection that lived as long was a good one: the next pause is short
)

// Config is what a Client needs besides its Target.
type Config struct {
	Version string                 // of this dhtop
	Token   func() (string, error) // read before each attempt, as it may change; nil, or "" returned, for none
	Dial    Dial                   // for TCP; nil for any way
	Device  string                 // the network interface that Dial keeps to, "" for any
}

// Client is attached to a node, or tries to be. Close it.
type Client struct {
	target Target
	cfg    Config
	stop   context.CancelFunc
	ended  chan struct{} // closed when run has returned

	patience time.Duration // for the answer to a command

	mu       sync.Mutex // guards what follows, and what a link says it guards
	state    State
	tried    bool              // the first attempt has ended
	moved    chan struct{}     // closed and replaced when state, tried or snap change
	link     *link             // nil while there is no connection
	lastID   uint64            // of a request, on any of them
	snap     *dhtcore.Snapshot // the newest; never nil
	shown    bool              // snap came from the node
	revision uint64            // of snap: grows over all connections
	tape     span              // what the node's tape holds

	view    protocol.View
	filters filters
	pace    pace
	late    []error
	past    past
}

// Open returns a Client that connects in the background until ctx ends or it is closed.
func Open(ctx context.Context, t Target, cfg Config) *Client {
	ctx, stop := context.WithCancel(ctx)
	c := &Client{target: t, cfg: cfg, stop: stop, ended: make(chan struct{}), moved: make(chan struct{}), patience: patience,
		state: State{Phase: Connecting, Since: time.Now()}, snap: nothing()}
	go func() {
		defer close(c.ended)
		c.run(ctx)
	}()
	return c
}

// nothing is the Snapshot before the first one has come.
func nothing() *dhtcore.Snapshot {
	now := time.Now()
	return &dhtcore.Snapshot{At: now, Started: now, Nodes: make([]dhtcore.Vantage, 1)}
}

// Close ends the connection, and with it all that the screen has asked for.
func (c *Client) Close() {
	c.stop()
	<-c.ended
}

// Target returns what the Client is attached to.
func (c *Client) Target() Target { return c.target }

// State returns how the connection fares.
func (c *Client) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Wait waits for the first Snapshot. The error says why the first attempt to connect failed; the Client goes on to try.
func (c *Client) Wait(ctx context.Context) error {
	for {
		c.mu.Lock()
		shown, tried, why, moved := c.shown, c.tried, c.state.Why, c.moved
		c.mu.Unlock()
		switch {
		case shown:
			return nil
		case tried && why != "":
			return errors.New(why)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		}
	}
}

// move tells those who wait that something has changed. mu is held.
func (c *Client) move() {
	close(c.moved)
	c.moved = make(chan struct{})
}

// run connects until ctx ends.
func (c *Client) run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		err := c.attempt(ctx)
		if time.Since(began) >= stableAfter {
			pause = firstPause
		}
		if ctx.Err() != nil {
			break
		}
		c.disconnected(err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Phase, c.state.Since = Closed, time.Now()
	c.move()
}

// disconnected notes why there is no connection.
func (c *Client) disconnected(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	phase := Reconnecting
	if _, refused := errors.AsType[*refusal](err); refused {
		phase = Refused
	} else if !c.shown {
		phase = Connecting
	}
	if phase != c.state.Phase {
		c.state.Phase, c.state.Since = phase, time.Now()
	}
	c.state.Why, c.tried = err.Error(), true
	c.move()
}

// Snapshot returns the newest picture: it is dhtcore.Viewer.Snapshot.
func (c *Client) Snapshot() *dhtcore.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed := c.pace.look(time.Now())
	if c.link != nil {
		c.link.take(c.pace.every, changed)
	}
	return c.snap
}

// Core returns what the screen works on. Its Link has what ReadOnly has elsewhere.
func (c *Client) Core() ui.Core {
	core := c.commands()
	core.Snapshot, core.Close, core.Past = c.Snapshot, c.Close, (*pastOf)(c)
	core.PastLooks = pastLooks
	core.ParseTorrents = dhtcore.ParseTorrents
	core.Late = c.nextLate
	core.Link = c.screenLink
	return core
}

// screenLink is ui.Core.Link.
func (c *Client) screenLink() screen.Link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.link(c.target.String(), c.shown, time.Now())
}
