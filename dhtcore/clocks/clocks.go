// Package clocks reads the clocks of others by the way: of trackers, web hooks and PostgreSQL servers, from what they answer anyway.
// dhtcore has one Clocks, which the doctor compares ours with.
package clocks

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/snapshot"
)

// How readings are kept.
const (
	maxReadings  = 16 // hosts
	readingLasts = 24 * time.Hour
	stepped      = 2 * time.Second // of our own clock since a reading: that says nothing any longer
)

// Clocks are the last readings, one a host. mu guards them. The zero value has none.
type Clocks struct {
	mu  sync.Mutex
	all map[string]snapshot.ClockReading
}

// read takes in that a clock at a host showed from to until at some moment between sent and received. nil takes in nothing.
func (c *Clocks) read(of, host string, from, until, sent, received time.Time) {
	if c == nil {
		return
	}
	least, most := sent.Round(0).Sub(until), received.Round(0).Sub(from)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.all[host]; !known && len(c.all) >= maxReadings {
		return
	}
	if c.all == nil {
		c.all = make(map[string]snapshot.ClockReading)
	}
	c.all[host] = snapshot.ClockReading{Of: of, Ahead: (least + most) / 2, Error: (most - least) / 2, At: received}
}

// ReadStore takes in what the clock of a PostgreSQL server showed. One on this machine is the same clock.
func (c *Clocks) ReadStore(theirs, sent, received time.Time, from net.Addr) {
	if tcp, ok := from.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		c.read(snapshot.ClockOfStore, tcp.String(), theirs, theirs, sent, received)
	}
}

// List returns the readings that still say something, oldest first.
func (c *Clocks) List(now time.Time) (list []snapshot.ClockReading) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for host, r := range c.all {
		since := now.Sub(r.At) // by the monotonic clock
		if moved := now.Round(0).Sub(r.At.Round(0)) - since; moved.Abs() > stepped || since > readingLasts {
			delete(c.all, host)
			continue
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b snapshot.ClockReading) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Of, b.Of)) })
	return list
}

// Around returns a transport that reads the clocks of the servers by the dates of their answers. Those of a cache are older
// than the answer, and left out.
func (c *Clocks) Around(of string) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper { return &clockTransport{next, c, of} }
}

type clockTransport struct {
	http.RoundTripper
	clocks *Clocks
	of     string
}

// RoundTrip implements http.RoundTripper.
func (t *clockTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	res, err := t.RoundTripper.RoundTrip(r)
	if err != nil || res.Header.Get("Age") != "" || isThisMachine(r.URL.Hostname()) {
		return res, err
	}
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		t.clocks.read(t.of, r.URL.Host, date, date.Add(time.Second), sent, time.Now())
	}
	return res, nil
}

// CloseIdleConnections is called by http.Client.
func (t *clockTransport) CloseIdleConnections() {
	if next, ok := t.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// isThisMachine reports whether a host is on this machine by its name.
func isThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
