package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"dhtop/dhtcore"
	"dhtop/ui/attach/protocol"
)

// attachSession is one attached screen. mu guards what is below it: the goroutine that reads requests changes it, and the
// one that sends Pictures reads it.
type attachSession struct {
	hub     *attachHub
	conn    *websocket.Conn
	request *http.Request
	viewer  *dhtcore.Viewer
	answers chan *protocol.Answer
	changed chan struct{} // holds a token when there is something new below

	// Of the goroutine that reads requests.
	swarms  swarmFilter
	watched bool // the Viewer watches packets

	mu     sync.Mutex
	taken  protocol.Taken
	rebase bool // the next Picture is to be a base
}

// swarmFilter is the filter of swarms of a View, with its text.
type swarmFilter struct {
	text   string
	filter *dhtcore.SwarmFilter
}

// serve greets, and serves requests and Pictures until the client leaves or ctx ends. Reads and writes have no part in ctx:
// an end of theirs would leave no way to say why.
func (s *attachSession) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := protocol.NewStreamWriter(s.writer(context.WithoutCancel(ctx)))
	if err != nil {
		s.bye(websocket.StatusInternalError, "it cannot compress")
		return
	}
	if code, reason := s.greet(context.WithoutCancel(ctx), stream); code != 0 {
		s.bye(code, reason)
		return
	}
	byes := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(byes)
		s.bye(websocket.StatusGoingAway, "the dhtop at the other end has ended")
	})
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer cancel() // which ends the reading
		s.send(ctx, stream)
	}()
	if err = s.serveRequests(context.WithoutCancel(ctx), ctx.Done()); websocket.CloseStatus(err) == -1 && ctx.Err() == nil {
		s.bye(websocket.StatusPolicyViolation, s.hub.options.Text(reasonOf(err)))
	}
	cancel()
	<-byes
	<-sent
}

// messageWriter sends each write as a message.
type messageWriter func(b []byte) error

func (w messageWriter) Write(b []byte) (int, error) { return len(b), w(b) }

// writer returns what sends messages until ctx ends.
func (s *attachSession) writer(ctx context.Context) messageWriter {
	return func(b []byte) error {
		within, cancel := context.WithTimeout(ctx, attachTimeout+time.Duration(len(b)/slowest)*time.Second)
		defer cancel()
		return s.conn.Write(within, websocket.MessageBinary, b)
	}
}

// greet reads who the client is, and says who we are. A code other than 0 ends it.
func (s *attachSession) greet(ctx context.Context, stream *protocol.StreamWriter) (code websocket.StatusCode, reason string) {
	within, cancel := context.WithTimeout(ctx, attachTimeout)
	defer cancel()
	request, err := s.read(within)
	if err != nil {
		return websocket.StatusPolicyViolation, reasonOf(err)
	}
	hello, err := protocol.Greet.Args(request)
	if err != nil || request.Op != protocol.Greet.Name {
		return websocket.StatusPolicyViolation, "the first message is to say who you are"
	}
	ours := protocol.Hello{Protocol: protocol.Version, Dhtop: s.hub.version, ReadOnly: s.hub.mayCommand(s.request)}
	if err := stream.Write(&protocol.Message{Hello: &ours}); err != nil {
		return websocket.StatusInternalError, reasonOf(err)
	}
	if hello.Protocol != protocol.Version {
		return websocket.StatusPolicyViolation, fmt.Sprintf("dhtop %s speaks version %d of the protocol, dhtop %.40s version %d: update the older one",
			s.hub.version, protocol.Version, dhtcore.Printable(hello.Dhtop), hello.Protocol)
	}
	return 0, ""
}

// read returns the next request.
func (s *attachSession) read(ctx context.Context) (*protocol.Request, error) {
	kind, b, err := s.conn.Read(ctx)
	if err != nil {
		return nil, err
	}
	request := new(protocol.Request)
	if kind != websocket.MessageBinary {
		return nil, protocol.ErrMessage
	}
	return request, protocol.Decode(b, request)
}

// reasonOf is the error of a request in words that name nothing of this program.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, protocol.ErrMessage):
		return "a message that this dhtop cannot read"
	case errors.Is(err, websocket.ErrMessageTooBig):
		return "a message that is too large"
	}
	return "the connection failed"
}

// serveRequests answers requests until the client leaves, or done is closed.
func (s *attachSession) serveRequests(ctx context.Context, done <-chan struct{}) error {
	for {
		request, err := s.read(ctx)
		if err != nil {
			return err
		}
		answer := s.hub.ops.answer(s, request)
		if request.ID == 0 {
			continue
		}
		select {
		case s.answers <- answer:
		case <-done:
			return nil
		}
	}
}

// change changes what the goroutine that sends looks at.
func (s *attachSession) change(do func()) {
	s.mu.Lock()
	do()
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// every returns how often the client wants a Picture.
func (s *attachSession) every() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken.Every
}

// wants returns what the client has taken, and whether it needs a base, which it is asked once.
func (s *attachSession) wants() (taken protocol.Taken, rebase bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken, rebase = s.taken, s.rebase
	s.rebase = false
	return taken, rebase
}

// send sends answers and Pictures until ctx ends or the client does not read.
func (s *attachSession) send(ctx context.Context, stream *protocol.StreamWriter) {
	series, due := newSeries(s.hub), time.NewTimer(0)
	defer due.Stop()
	for {
		var m protocol.Message
		select {
		case <-ctx.Done():
			return
		case m.Answer = <-s.answers:
		case <-s.changed:
			due.Reset(series.pause(time.Now(), s.every()))
			continue
		case now := <-due.C:
			taken, rebase := s.wants()
			series.rebase = series.rebase || rebase
			if series.number >= taken.Number+protocol.Ahead {
				continue // until it takes one
			}
			due.Reset(series.pause(now, taken.Every))
			if m.Picture = series.next(s.viewer); m.Picture == nil {
				continue
			}
		}
		if stream.Write(&m) != nil {
			return
		}
	}
}
