package testnet

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/anacrolix/torrent/bencode"
)

// trackerClient speaks to a tracker for all peers of the network (BEP 3, BEP 15). They name their addresses themselves:
// a tracker believes that of local ones. It belongs to one goroutine.
type trackerClient struct {
	udp, http netip.AddrPort // invalid for none
	from      netip.Addr     // of the requests that are at fault, where the system has it

	web          http.Client
	conn, faulty net.Conn // over UDP; nil until they are needed
	id           uint64   // the connection ID
	got          time.Time
	tid          uint32
}

// newTrackerClient returns a client of the tracker at two addresses, which uses no proxy.
func newTrackerClient(udp, web netip.AddrPort, from netip.Addr) *trackerClient {
	return &trackerClient{udp: udp, http: web, from: from, web: http.Client{Transport: &http.Transport{}, Timeout: trackerTimeout}}
}

// How long answers are waited for, and a connection ID used: shorter than it is valid, as each peer would get its own.
const (
	trackerTimeout = time.Second
	connectionFor  = 200 * time.Millisecond
)

var errNoAnswer = errors.New("the tracker has not answered")

// overHTTP is whether a peer uses HTTP that would rather do so or not.
func (c *trackerClient) overHTTP(rather bool) bool {
	return rather && c.http.IsValid() || !c.udp.IsValid()
}

func (c *trackerClient) close() {
	for _, conn := range []net.Conn{c.conn, c.faulty} {
		if conn != nil {
			conn.Close()
		}
	}
	c.web.CloseIdleConnections()
}

// announce announces p and returns the interval that the tracker tells.
func (c *trackerClient) announce(ctx context.Context, p *announcer) (interval time.Duration, err error) {
	if p.http {
		return c.announceHTTP(ctx, p)
	}
	if err := c.connect(); err != nil {
		return 0, err
	}
	b := c.head(1)
	b = append(append(b, p.hash[:]...), p.peerID[:]...)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint64(b, p.left)
	b = binary.BigEndian.AppendUint64(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(p.event))
	ip := p.addr.Addr().As4()
	b = append(b, ip[:]...)
	b = binary.BigEndian.AppendUint64(b, 50) // no key, 50 peers
	b = binary.BigEndian.AppendUint16(b, p.addr.Port())
	reply, err := c.ask(b)
	if err != nil || len(reply) < 20 {
		return 0, errNoAnswer
	}
	return time.Duration(binary.BigEndian.Uint32(reply[8:])) * time.Second, nil
}

// scrape asks for the counts of p's swarm.
func (c *trackerClient) scrape(ctx context.Context, p *announcer) {
	if p.http {
		c.get(ctx, "/scrape?info_hash="+url.QueryEscape(string(p.hash[:]))) //nolint:errcheck // nobody reads it
		return
	}
	if c.connect() == nil {
		c.ask(append(c.head(2), p.hash[:]...)) //nolint:errcheck // as above
	}
}

// faultKinds is how many kinds of requests there are that are at fault.
const faultKinds = 6

// err sends a request that is at fault.
func (c *trackerClient) err(ctx context.Context, p *announcer, kind int) {
	if !p.http && kind > 1 { // with the connection ID of another tracker
		c.forge(kind)
		return
	}
	if !c.http.IsValid() {
		return
	}
	target := [...]string{"/favicon.ico", "/announce?info_hash=" + url.QueryEscape(string(p.hash[:19])), "/announce?port=1", "/scrape", "/announce?compact=1",
		"/announce?info_hash=" + url.QueryEscape(string(p.hash[:])) + "&peer_id=" + string(p.peerID[:]) + "&port=0"}
	c.get(ctx, target[kind]) //nolint:errcheck // nobody reads it
}

// forge sends datagrams with connection IDs that the tracker never gave.
func (c *trackerClient) forge(n int) {
	if c.faulty == nil {
		d := net.Dialer{LocalAddr: net.UDPAddrFromAddrPort(netip.AddrPortFrom(c.from, 0))}
		conn, err := d.Dial("udp", c.udp.String())
		if err != nil {
			return
		}
		c.faulty = conn
	}
	for range n {
		c.tid++
		b := binary.BigEndian.AppendUint64(nil, uint64(c.tid)*0x9e3779b97f4a7c15)
		b = binary.BigEndian.AppendUint32(b, 1)
		c.faulty.Write(append(binary.BigEndian.AppendUint32(b, c.tid), make([]byte, 82)...)) //nolint:errcheck // as lost as any
	}
}

// head is the head of a datagram with the connection ID.
func (c *trackerClient) head(action uint32) []byte {
	c.tid++
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 98), c.id)
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, action), c.tid)
}

// connect gets a connection ID, unless there is one that holds.
func (c *trackerClient) connect() error {
	if c.conn == nil {
		conn, err := net.Dial("udp", c.udp.String())
		if err != nil {
			return err
		}
		c.conn = conn
	}
	if time.Since(c.got) < connectionFor {
		return nil
	}
	c.id = 0x41727101980
	reply, err := c.ask(c.head(0))
	if err != nil || len(reply) < 16 {
		return errNoAnswer
	}
	c.id, c.got = binary.BigEndian.Uint64(reply[8:]), time.Now()
	return nil
}

// ask sends a datagram and returns the answer to it; an error of the tracker is one of ours.
func (c *trackerClient) ask(b []byte) (reply []byte, err error) {
	if _, err := c.conn.Write(b); err != nil {
		return nil, err
	}
	c.conn.SetReadDeadline(time.Now().Add(trackerTimeout)) //nolint:errcheck // the read says what is wrong
	buf := make([]byte, 2048)
	for {
		n, err := c.conn.Read(buf)
		if err != nil {
			return nil, err
		}
		if n < 8 || binary.BigEndian.Uint32(buf[4:]) != c.tid {
			continue // the answer to another
		}
		if action := binary.BigEndian.Uint32(buf); action > 2 {
			return nil, fmt.Errorf("the tracker says: %q", buf[8:n])
		}
		return buf[:n], nil
	}
}

func (c *trackerClient) announceHTTP(ctx context.Context, p *announcer) (interval time.Duration, err error) {
	q := url.Values{"info_hash": {string(p.hash[:])}, "peer_id": {string(p.peerID[:])}, "port": {strconv.Itoa(int(p.addr.Port()))},
		"uploaded": {"0"}, "downloaded": {"0"}, "left": {strconv.FormatUint(p.left, 10)}, "compact": {"1"}, "ip": {p.addr.Addr().String()}}
	if p.event != noEvent {
		q.Set("event", [...]string{completed: "completed", started: "started", stopped: "stopped"}[p.event])
	}
	body, err := c.get(ctx, "/announce?"+q.Encode())
	if err != nil {
		return 0, err
	}
	var reply struct {
		Interval int64 `bencode:"interval"`
	}
	if err := bencode.Unmarshal(body, &reply); err != nil || reply.Interval <= 0 {
		return 0, errNoAnswer
	}
	return time.Duration(reply.Interval) * time.Second, nil
}

func (c *trackerClient) get(ctx context.Context, target string) (body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.http.String()+target, http.NoBody)
	if err != nil {
		return nil, err
	}
	reply, err := c.web.Do(r)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	return io.ReadAll(io.LimitReader(reply.Body, 1<<16))
}
