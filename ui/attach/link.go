package attach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/ui/attach/protocol"
)

// The time that the node gets.
const (
	dialTimeout  = 10 * time.Second // to answer, up to its Hello
	writeTimeout = 10 * time.Second
	silence      = 10 * time.Second // without a message; then it is asked whether it lives
	pongTimeout  = 5 * time.Second
)

// maxQueue is how many requests wait to be sent. A screen sends a few a second.
const maxQueue = 64

// refusal is the error of a node that answers, and does not want us.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func refused(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// link is one connection. Client.mu guards the fields below it.
type link struct {
	conn   *websocket.Conn
	reader *protocol.StreamReader
	frames frames
	wake   chan struct{} // holds a token while there is something to send

	queue   [][]byte // requests
	view    bool     // the View is to be sent
	rebase  bool     // a base is to be asked for
	taken   protocol.Taken
	untold  bool                              // taken is to be sent
	number  uint64                            // of the last Picture
	waiting map[uint64]func(*protocol.Answer) // called without the lock, once; with nil when none will come
}

// attempt connects, and serves the connection until it ends. The error says why it did.
func (c *Client) attempt(ctx context.Context) error {
	l, hello, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	c.connected(l, hello)
	defer c.lost(l)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.write(ctx, l)
	}()
	err = c.read(l)
	cancel()
	l.conn.CloseNow() //nolint:errcheck // it has ended
	<-written
	return c.lostBy(err)
}

// connect connects and greets.
func (c *Client) connect(ctx context.Context) (*link, *protocol.Hello, error) {
	header := http.Header{"User-Agent": {"dhtop/" + c.cfg.Version}}
	if c.cfg.Token != nil {
		token, err := c.cfg.Token()
		if err != nil {
			return nil, nil, &refusal{err.Error()}
		}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
	}
	within, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	client := c.target.Client(c.cfg.Dial)
	defer client.CloseIdleConnections()
	conn, response, err := websocket.Dial(within, c.target.URL(protocol.Path), &websocket.DialOptions{HTTPClient: client, HTTPHeader: header})
	if err != nil {
		if response != nil {
			return nil, nil, c.refusedBy(response)
		}
		return nil, nil, c.unreachable(err)
	}
	conn.SetReadLimit(-1) // the reader bounds what it reads
	l := &link{conn: conn, wake: make(chan struct{}, 1), waiting: make(map[uint64]func(*protocol.Answer)), view: true}
	hello, err := c.greet(ctx, within, l)
	if err != nil {
		l.close()
		conn.CloseNow() //nolint:errcheck // of no use
		return nil, nil, err
	}
	return l, hello, nil
}

// greet says who we are, and reads who the node is. The link reads until ctx ends, the greeting has less time.
func (c *Client) greet(ctx, within context.Context, l *link) (*protocol.Hello, error) {
	b, err := protocol.Greet.NewRequest(0, protocol.Hello{Protocol: protocol.Version, Dhtop: c.cfg.Version})
	if err != nil {
		return nil, err
	}
	if err := l.conn.Write(within, websocket.MessageBinary, b); err != nil {
		return nil, c.lostBy(err)
	}
	if l.reader, err = protocol.NewStreamReader(&incoming{next: func() (websocket.MessageType, io.Reader, error) { return l.conn.Reader(ctx) }}); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(within, func() { l.conn.CloseNow() }) //nolint:errcheck // the read tells
	m, err := l.reader.Read()
	if !stop() || err != nil {
		return nil, c.lostBy(err)
	}
	switch {
	case m.Hello == nil:
		return nil, refused("%s does not speak as a dhtop does", c.target)
	case m.Hello.Protocol != protocol.Version:
		return nil, refused("dhtop %s at %s speaks version %d of the protocol of attach, this dhtop %s version %d: update the older one",
			printable.String(m.Hello.Dhtop), c.target, m.Hello.Protocol, c.cfg.Version, protocol.Version)
	}
	return m.Hello, l.frames.open()
}

// connected begins to use a link.
func (c *Client) connected(l *link, hello *protocol.Hello) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link, c.tried = l, true
	c.state = State{Phase: Connected, Since: time.Now(), Version: printable.String(hello.Dhtop), ReadOnly: printable.String(hello.ReadOnly)}
	l.hurry()
	c.move()
}

// lost ends the use of a link. What waits for an answer gets none.
func (c *Client) lost(l *link) {
	c.mu.Lock()
	c.link = nil
	waiting := l.waiting
	l.waiting = nil
	c.mu.Unlock()
	for _, answered := range waiting {
		answered(nil)
	}
}

// refusedBy is the error of an answer that is no WebSocket.
func (c *Client) refusedBy(r *http.Response) error {
	var problem struct{ Detail string }
	if r.StatusCode == http.StatusUnauthorized && r.Request != nil && r.Request.Header.Get("Authorization") == "" {
		return refused("%s wants its token: pass --token-file with a copy of the file token in its data directory, or set DHTOP_TOKEN", c.target)
	}
	b, err := io.ReadAll(r.Body)
	if err == nil && json.Unmarshal(b, &problem) == nil && problem.Detail != "" && r.StatusCode != http.StatusNotFound {
		return refused("%s", printable.String(problem.Detail))
	}
	if r.StatusCode == http.StatusNotFound {
		return refused("what runs at %s cannot be attached to: it is an older dhtop, or none", c.target)
	}
	return refused("%s answered %s: it is no dhtop that can be attached to", c.target, r.Status)
}

// unreachable is the error of a node that does not answer.
func (c *Client) unreachable(err error) error {
	switch gone := errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED); {
	case c.target.Socket() && gone:
		return fmt.Errorf("no dhtop listens at %s: start 'dhtop serve' there", c.target)
	case c.target.Socket() && errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is for its user alone: run this as that user, or as root", c.target)
	}
	by := ""
	if c.cfg.Device != "" && !c.target.Socket() {
		by = " by " + c.cfg.Device + ", the interface of --bind-device"
	}
	return fmt.Errorf("%s does not answer%s: %w", c.target, by, human.Cause(err))
}

// lostBy is the error of a connection that was open.
func (c *Client) lostBy(err error) error {
	if closed, ok := errors.AsType[websocket.CloseError](err); ok && closed.Reason != "" {
		return errors.New(printable.String(closed.Reason))
	}
	if errors.Is(err, protocol.ErrMessage) || errors.Is(err, errFrames) {
		return fmt.Errorf("%s sent what this dhtop cannot read: %w", c.target, err)
	}
	return fmt.Errorf("the connection to %s was lost", c.target)
}

// hurry wakes the goroutine that writes. Client.mu is held.
func (l *link) hurry() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take notes that the screen has shown the last Picture, and how often it looks. Client.mu is held.
func (l *link) take(every time.Duration, changed bool) {
	if l.taken.Number == l.number && !changed {
		return
	}
	l.taken, l.untold = protocol.Taken{Number: l.number, Every: every}, true
	l.hurry()
}

func (l *link) close() {
	if l.reader != nil {
		l.reader.Close()
	}
}

// incoming is what comes in the messages of a WebSocket, one after the other.
type incoming struct {
	next func() (websocket.MessageType, io.Reader, error)
	r    io.Reader // of the message that has begun; nil for none
}

func (i *incoming) Read(b []byte) (int, error) {
	for {
		if i.r == nil {
			var err error
			if _, i.r, err = i.next(); err != nil {
				return 0, err
			}
		}
		n, err := i.r.Read(b)
		if errors.Is(err, io.EOF) {
			i.r, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// write sends what there is to send until ctx ends, and asks the node whether it lives when it is silent.
func (c *Client) write(ctx context.Context, l *link) {
	defer l.conn.CloseNow() //nolint:errcheck // it ends what reads
	idle := time.NewTicker(silence)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-idle.C:
			within, cancel := context.WithTimeout(ctx, pongTimeout)
			err := l.conn.Ping(within)
			cancel()
			if err != nil {
				return
			}
			continue
		case <-l.wake:
		}
		for _, b := range c.outgoing(l) {
			within, cancel := context.WithTimeout(ctx, writeTimeout)
			err := l.conn.Write(within, websocket.MessageBinary, b)
			cancel()
			if err != nil {
				return
			}
		}
	}
}

// outgoing returns what is to be sent, and forgets it. What the screen looks at is sent in its last form alone.
func (c *Client) outgoing(l *link) (all [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add := func(b []byte, err error) {
		if err == nil { // they are all values of our own
			all = append(all, b)
		}
	}
	if l.view {
		l.view = false
		add(protocol.Look.NewRequest(c.expect(l, c.lookAnswer), c.view))
	}
	if l.rebase {
		l.rebase = false
		add(protocol.Rebase.NewRequest(0, protocol.None{}))
	}
	all = append(all, l.queue...)
	l.queue = nil
	if l.untold {
		l.untold = false
		add(protocol.Take.NewRequest(0, l.taken))
	}
	return all
}

// expect returns the ID of a request whose answer is handled so. mu is held.
func (c *Client) expect(l *link, answered func(*protocol.Answer)) uint64 {
	c.lastID++
	l.waiting[c.lastID] = answered
	return c.lastID
}
