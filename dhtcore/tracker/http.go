package tracker

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// What an HTTP connection may take. The server is our own because one of net/http costs some 20 kB a connection, and
// two thirds of the time of an announce.
const (
	maxHead     = 16 << 10         // bytes of the head of a request
	firstRead   = 1 << 10          // bytes that most heads fit in
	idleFor     = 60 * time.Second // between requests
	headWithin  = 10 * time.Second // from the first byte of a head to its last
	writeWithin = 10 * time.Second
)

// httpServer serves the HTTP side of a tracker.
type httpServer struct {
	tracker     *Tracker
	listener    net.Listener
	connections connections
	desks       sync.Pool
}

// desk is the memory to answer one request with.
type desk struct {
	out, body []byte
	sel       peers.Selection
	query     announceQuery
	head      head
}

func newHTTPServer(t *Tracker, l net.Listener) *httpServer {
	return &httpServer{tracker: t, listener: l, connections: newConnections(), desks: sync.Pool{New: func() any { return new(desk) }}}
}

// serve accepts connections until ctx ends, then closes them.
func (s *httpServer) serve(ctx context.Context) error {
	var open sync.WaitGroup
	defer open.Wait()
	defer s.connections.closeAll()
	pause := time.Duration(0)
	for {
		c, err := s.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				c.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // out of descriptors: some will close
			pause = min(pause*2+time.Millisecond, time.Second)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
			continue
		}
		pause = 0
		from := c.RemoteAddr().(*net.TCPAddr).AddrPort()
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if !s.connections.add(c, from.Addr(), within(from.Addr(), s.tracker.tuning.Load().Proxies)) {
			c.Close()
			continue
		}
		open.Go(func() {
			defer s.connections.remove(c, from.Addr())
			s.converse(c, from.Addr())
		})
	}
}

// converse answers the requests of one connection.
func (s *httpServer) converse(c net.Conn, from netip.Addr) {
	in, have := make([]byte, firstRead), 0
	for {
		n, ok := s.readHead(c, &in, &have)
		if !ok {
			return
		}
		d := s.desks.Get().(*desk)
		again := s.answer(d, in[:n], from)
		if n == 0 {
			again = false // too long a head
		}
		c.SetWriteDeadline(time.Now().Add(writeWithin)) //nolint:errcheck // the write says what is wrong
		_, err := c.Write(d.out)
		s.desks.Put(d)
		if n == 0 {
			drain(c, in)
		}
		if err != nil || !again {
			return
		}
		have = copy(in, in[n:have])
		if have == 0 && len(in) > firstRead {
			in = make([]byte, firstRead) // an idle connection keeps little
		}
	}
}

// drainFor is how long what follows a head that was too long is read and dropped: a socket that is closed with bytes
// unread takes the answer back.
const drainFor = time.Second

func drain(c net.Conn, buf []byte) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.CloseWrite() //nolint:errcheck // it is closed anyway
	}
	c.SetReadDeadline(time.Now().Add(drainFor)) //nolint:errcheck // the read says what is wrong
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
	}
}

// readHead reads until in holds a whole head of n bytes, or as much as a head may have: then n is 0. ok is false when
// the connection has ended.
func (s *httpServer) readHead(c net.Conn, in *[]byte, have *int) (n int, ok bool) {
	now := time.Now()
	deadline, started := now.Add(idleFor), false
	for from := 0; ; {
		if n = headEnd((*in)[:*have], from); n > 0 || *have >= maxHead {
			return n, true
		}
		from = *have
		if *have > 0 && !started {
			deadline, started = time.Now().Add(headWithin), true
		}
		if *have == len(*in) {
			*in = append(*in, make([]byte, min(3*len(*in), maxHead-len(*in)))...)
		}
		c.SetReadDeadline(deadline) //nolint:errcheck // the read says what is wrong
		got, err := c.Read((*in)[*have:])
		*have += got
		if got == 0 && err != nil {
			return 0, false
		}
	}
}

// answer puts the answer to a head into d.out, and reports whether the connection goes on. An empty head is one that
// was too long.
func (s *httpServer) answer(d *desk, b []byte, from netip.Addr) (again bool) {
	status := statusTooLarge
	if len(b) > 0 {
		status = parseHead(b, &d.head)
	}
	d.body = d.body[:0]
	if status == statusOK {
		switch string(d.head.path) {
		case "/announce", "/":
			s.announce(d, d.head.source(from, s.tracker.tuning.Load().Proxies))
		case "/scrape":
			s.scrape(d)
		default:
			status = statusNotFound
		}
	}
	again = !d.head.close && (status == statusOK || status == statusNotFound)
	switch status {
	case statusOK:
	case statusNotFound:
		s.tracker.counters.refusedHTTP[UnknownPath].Add(1)
	default:
		s.tracker.counters.refusedHTTP[Malformed].Add(1)
	}
	if status != statusOK {
		d.body = append(append(d.body, status...), '\n')
	}
	d.out = append(append(d.out[:0], "HTTP/1.1 "...), status...)
	d.out = append(d.out, "\r\nContent-Type: text/plain\r\nContent-Length: "...)
	d.out = strconv.AppendInt(d.out, int64(len(d.body)), 10)
	if !again {
		d.out = append(d.out, "\r\nConnection: close"...)
	}
	d.out = append(d.out, "\r\n\r\n"...)
	d.out = append(d.out, d.body...)
	return again
}

// announce puts the answer to an announce into d.body.
func (s *httpServer) announce(d *desk, from netip.Addr) {
	t, q := s.tracker, &d.query
	f := parseAnnounce(d.head.query, q)
	if f == nil {
		f = t.tuning.Load().Require.refuse(q)
	}
	if f == nil && !t.policy.Load().Admits(q.Hash) {
		f = &notAdmitted
	}
	if f != nil {
		t.counters.refusedHTTP[f.why].Add(1)
		d.body = appendFailure(d.body, f)
		return
	}
	q.Source = netip.AddrPortFrom(from, q.port)
	sel := &d.sel
	sel.V4, sel.V6, sel.Both, sel.IDs = sel.V4[:0], sel.V6[:0], true, !q.compact && !q.noPeerID
	c, interval := t.announce(&q.Request, sel, time.Now())
	t.announced(&q.Request, true)
	d.body = appendAnnounced(d.body, q, c, interval, sel)
}

var (
	notCompact  = failure{"this tracker gives compact peer lists only: announce with compact=1", true, WrongForm}
	notNoPeerID = failure{"this tracker gives no peer IDs: announce with no_peer_id=1 or compact=1", true, WrongForm}
)

// refuse returns why an announce does not ask for a form that is allowed, nil if it does.
func (r Require) refuse(q *announceQuery) *failure {
	switch {
	case r == RequireCompact && !q.compact:
		return &notCompact
	case r == RequireNoPeerID && !q.compact && !q.noPeerID:
		return &notNoPeerID
	}
	return nil
}

// scrape puts the answer to a scrape into d.body. There is none of all hashes, as it would take as long as there are many.
func (s *httpServer) scrape(d *desk) {
	t := s.tracker
	hashes := make([]wire.ID, 0, 4)
	var f *failure
	for query := d.head.query; len(query) > 0 && f == nil; {
		name, value, rest, ok := nextParam(query)
		query = rest
		switch p, known := paramOf(name); {
		case !ok:
			f = &badEncoding
		case known && p == infoHash:
			hash, ok := hashOf(value)
			if !ok {
				f = &badHash
			}
			hashes = append(hashes, hash)
		}
	}
	if f == nil && len(hashes) == 0 {
		f = &noHash
	}
	if f != nil {
		t.counters.refusedHTTP[f.why].Add(1)
		d.body = appendFailure(d.body, f)
		return
	}
	t.counters.scrapesHTTP.Add(1)
	d.body = appendScrape(d.body, hashes, t.swarms.Counts)
}
