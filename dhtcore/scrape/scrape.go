// Package scrape asks trackers how many seeders and leechers a torrent has, without announcing: over HTTP and HTTPS
// (BEP 48) and over UDP (BEP 15), where a tracker listens as its host says in the DNS (BEP 34).
//
// dhtcore opens a Client for the command trackers and for the key of the explorer. It contacts the trackers that it
// is told to and nobody else. A Client is safe for concurrent use: one goroutine reads each of its sockets, and a
// lock guards the requests that wait for a reply (udp.go) and what is known of hosts (place.go). Whatever a tracker
// sends ends in a Result or in an error that a person can read.
package scrape

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// Unknown is a count that a tracker has not told.
const Unknown = -1

// Swarm is what a tracker says of one hash.
type Swarm struct {
	Known     bool  // the tracker has said something of the hash
	Seeders   int64 // or Unknown, as are the others
	Leechers  int64
	Completed int64 // downloads that have ended, ever
}

// unknownSwarm is what a tracker says that leaves a hash out.
var unknownSwarm = Swarm{Seeders: Unknown, Leechers: Unknown, Completed: Unknown}

// Result is the answer of one tracker to one scrape.
type Result struct {
	Tracker string         // as it was given
	URL     string         // that was asked: where the DNS or a redirect led
	Addr    netip.AddrPort // that answered; invalid for none, and behind a proxy that of the proxy
	Swarms  []Swarm        // in the order of the hashes; nil where Err is set before any reply
	RTT     time.Duration  // from a request to its reply, the shortest of several; 0 for no reply
	Elapsed time.Duration  // of the scrape: names, connections, retransmissions and all requests
	RetryIn time.Duration  // how long the tracker wants to be left alone; 0 where it has not said
	Never   bool           // it wants to be left alone for good (BEP 31)
	Warning string         // of the tracker, as it may be printed
	Err     error          // a sentence, with a remedy where there is one
}

// Swarm returns what a tracker says of the only hash of a scrape, or of the first one.
func (r *Result) Swarm() Swarm {
	if len(r.Swarms) == 0 {
		return unknownSwarm
	}
	return r.Swarms[0]
}

// Config says how a Client reaches trackers. The zero value is the whole Internet from any address.
type Config struct {
	Bind         []netip.Addr // local addresses, one an address family; nil for any
	NoIPv6       bool
	LoopbackOnly bool // every other tracker is refused, before any name is looked up

	Device *netbind.Device // to keep to; nil for none

	Around func(http.RoundTripper) http.RoundTripper // what sees the requests over HTTP and their answers; nil for nobody

	// Transport replaces the one of HTTP, for tests with a certificate of their own; nil for the default.
	Transport *http.Transport
	// Resolver looks up names; nil for the system's, through Device.
	Resolver Resolver
}

// Resolver is what a Client asks of the DNS. net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Client scrapes trackers.
type Client struct {
	cfg    Config
	http   *http.Client
	udp    []*udpSocket // one, or one an address of Config.Bind
	places places
	wait   time.Duration // the first one for a reply over UDP
}

// New opens the UDP sockets. The caller closes the Client.
func New(cfg Config) (*Client, error) {
	c := &Client{cfg: cfg, wait: firstWait}
	if c.cfg.Resolver == nil {
		c.cfg.Resolver = cfg.Device.Resolver()
	}
	c.http = c.newHTTP(cfg.Transport)
	if coversAll(cfg.Bind) {
		c.cfg.Bind = nil
	}
	locals := c.cfg.Bind
	if len(locals) == 0 {
		locals = []netip.Addr{netip.IPv6Unspecified()}
		if cfg.NoIPv6 {
			locals[0] = netip.IPv4Unspecified()
		}
	}
	for _, local := range locals {
		if cfg.NoIPv6 && local.Is6() {
			continue
		}
		s, err := openUDP(cfg.Device, local, len(c.cfg.Bind) == 0)
		if err != nil {
			c.Close() //nolint:errcheck // there is an error already
			return nil, fmt.Errorf("cannot open a UDP socket on %s for the trackers: %w", local, err)
		}
		c.udp = append(c.udp, s)
	}
	return c, nil
}

// coversAll reports whether local addresses are all that there are, of both families.
func coversAll(locals []netip.Addr) bool {
	return slices.Contains(locals, netip.IPv4Unspecified()) && slices.Contains(locals, netip.IPv6Unspecified())
}

// Close closes the sockets. Scrapes that run end with an error.
func (c *Client) Close() error {
	var errs []error
	for _, s := range c.udp {
		errs = append(errs, s.close())
	}
	c.http.CloseIdleConnections()
	return errors.Join(errs...)
}

// Scrape asks a tracker about hashes, in as many requests as that takes, until ctx ends. The caller gives ctx a
// deadline: a UDP tracker is asked again for more than an hour (BEP 15).
func (c *Client) Scrape(ctx context.Context, tracker string, hashes []wire.ID) Result {
	r := Result{Tracker: tracker, URL: tracker}
	begun := time.Now()
	r.Err = c.scrape(ctx, &r, hashes)
	r.Elapsed = time.Since(begun)
	if r.Err != nil {
		r.Err = because(ctx, r.Err, r.Elapsed)
	}
	return r
}

func (c *Client) scrape(ctx context.Context, r *Result, hashes []wire.ID) error {
	u, err := parseURL(r.Tracker)
	if err != nil {
		return err
	}
	if c.cfg.LoopbackOnly && !isLoopback(u.Hostname()) {
		return errors.New("not contacted: in the demo nothing leaves this machine")
	}
	places, err := c.places.of(ctx, c.cfg.Resolver, u)
	if err != nil {
		return err
	}
	for i, at := range places {
		if err = c.scrapeIn(ctx, r, at, hashes, i == len(places)-1); err == nil || ctx.Err() != nil {
			return err
		}
		if _, refused := errors.AsType[*failure](err); refused {
			return err // it listens there, and has said no
		}
	}
	return err
}

// scrapeIn is scrapeAt within the time that there is: half of it, unless the place is the last one.
func (c *Client) scrapeIn(ctx context.Context, r *Result, at place, hashes []wire.ID, last bool) error {
	if end, bounded := ctx.Deadline(); bounded && !last {
		half, cancel := context.WithTimeout(ctx, time.Until(end)/2)
		defer cancel()
		ctx = half
	}
	return c.scrapeAt(ctx, r, at, hashes)
}

// scrapeAt asks the tracker at one place, in batches.
func (c *Client) scrapeAt(ctx context.Context, r *Result, at place, hashes []wire.ID) error {
	r.URL, r.Swarms = at.String(), nil
	ask, batch := c.scrapeHTTP, maxHashesHTTP
	if at.Scheme == "udp" {
		ask, batch = c.scrapeUDP, maxHashesUDP
	}
	for len(hashes) > 0 {
		n := min(len(hashes), batch)
		swarms, err := ask(ctx, r, at, hashes[:n])
		if err != nil {
			return err
		}
		r.Swarms = append(r.Swarms, swarms...)
		hashes = hashes[n:]
	}
	return nil
}

// replied takes in the round trip of one request.
func (r *Result) replied(rtt time.Duration, from netip.AddrPort) {
	if r.RTT == 0 || rtt < r.RTT {
		r.RTT = rtt
	}
	if from.IsValid() {
		r.Addr = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	}
}
