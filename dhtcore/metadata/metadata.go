// Package metadata fetches the info dictionary behind an info_hash, the name and the files of a
// torrent, from the peers that hold it (BEP 9, over the extension protocol of BEP 10), and serves it.
//
// The Explorer calls Fetch with the peers of a lookup when somebody asks for a name; dhtcore/testnet calls
// Serve. Nothing that a peer sends is trusted: pieces are checked one by one, memory grows only as data
// arrives, the hash of the whole is verified, and even then the text is made printable. Peers are reached
// over TCP, in plaintext and then encrypted (MSE), but not over uTP. Fetch and Serve return when all their
// goroutines have. They share nothing, so there is no lock.
package metadata

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Config limits Fetch. The zero value of a field means its default.
type Config struct {
	Parallel    int           // peers asked at once, default DefaultParallel; half as many more while some are slow
	PeerTimeout time.Duration // without a new piece from one peer, connecting included, default DefaultPeerTimeout
	Timeout     time.Duration // without a new piece from any peer, default DefaultTimeout
	MaxTime     time.Duration // for everything, default DefaultMaxTime
	// Dial connects to a peer; nil is plain TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// The defaults of Config. Most peers of a swarm are gone or unreachable, so many are asked at once and for
// a short time: 16 at a time with 4 s to connect are over a hundred dead peers in DefaultTimeout. Of those that
// have it, Transmission sends two pieces a second: 4 MiB, which are 256 pieces, take it over two minutes.
const (
	DefaultParallel    = 16
	DefaultPeerTimeout = 12 * time.Second
	DefaultTimeout     = 30 * time.Second
	DefaultMaxTime     = 5 * time.Minute
)

// ErrNoMetadata is wrapped by Fetch's error when no peer gave the metadata in time.
var ErrNoMetadata = errors.New("no peer gave the metadata")

// Fetch asks the peers, in their order and Config.Parallel at a time, for the info dictionary of infoHash,
// and returns the first complete and verified one. infoHash is that of BEP 3, or that of BEP 52 cut to 20
// bytes, under which the DHT knows a hybrid torrent as well. Fetch connects to every address; the caller
// leaves out those that it must not.
//
// The error wraps ErrNoMetadata and counts why the peers failed, or wraps ErrInfo when the verified
// dictionary is of no use, or wraps ctx's error when ctx ended first.
func Fetch(ctx context.Context, cfg Config, infoHash [20]byte, peers []netip.AddrPort) (Info, error) {
	cfg.Parallel = cmp.Or(cfg.Parallel, DefaultParallel)
	cfg.PeerTimeout = cmp.Or(cfg.PeerTimeout, DefaultPeerTimeout)
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	asking, cancel := context.WithTimeout(ctx, cmp.Or(cfg.MaxTime, DefaultMaxTime))
	timeout := cmp.Or(cfg.Timeout, DefaultTimeout)
	silence := time.AfterFunc(timeout, cancel)
	defer silence.Stop()
	f := &fetch{cfg: cfg, infoHash: infoHash, peerID: newPeerID(), progress: func() { silence.Reset(timeout) }}
	answers, wait := f.askAll(asking, peers)
	defer wait()
	defer cancel()
	failed := tally{peers: len(peers)}
	for a := range answers {
		if a.err == nil {
			return Parse(a.dict)
		}
		failed.count(a.err)
	}
	if ctx.Err() != nil {
		return Info{}, fmt.Errorf("fetching metadata: %w", ctx.Err())
	}
	return Info{}, failed.err()
}

// fetch is what the connections of one Fetch have in common.
type fetch struct {
	cfg      Config
	infoHash [20]byte
	peerID   [20]byte
	progress func() // called with every piece
	room     room
}

// answer is a verified info dictionary, or why there is none.
type answer struct {
	dict []byte
	err  error
}

// askAll asks the peers until ctx ends. It closes answers after the last one; wait returns when all
// goroutines have.
func (f *fetch) askAll(ctx context.Context, peers []netip.AddrPort) (_ <-chan answer, wait func()) {
	answers := make(chan answer, len(peers))
	var asking sync.WaitGroup
	asking.Go(func() {
		open, fresh := make(chan struct{}, f.cfg.Parallel*3/2), make(chan struct{}, f.cfg.Parallel)
		for _, peer := range peers {
			if !enter(ctx, open) || !enter(ctx, fresh) {
				return
			}
			asking.Go(func() {
				defer func() { <-open }()
				// A slow peer makes room for another one, which may be faster.
				leave := sync.OnceFunc(func() { <-fresh })
				defer leave()
				defer time.AfterFunc(f.cfg.PeerTimeout, leave).Stop()
				dict, err := f.ask(ctx, peer)
				answers <- answer{dict, err}
			})
		}
	})
	go func() {
		asking.Wait()
		close(answers)
	}()
	return answers, asking.Wait
}

// enter takes a place, and reports whether it got one before ctx ended.
func enter(ctx context.Context, places chan<- struct{}) bool {
	select {
	case places <- struct{}{}:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// newPeerID returns a peer ID in the usual form (BEP 20). It differs each time, because a constant ID would
// reveal who asks for what.
func newPeerID() (id [20]byte) {
	copy(id[:], "-DT0001-")
	copy(id[8:], rand.Text())
	return id
}
