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
	Parallel    int           // peers asked at once, default DefaultParallel
	PeerTimeout time.Duration // for one peer, in plaintext and encrypted, default DefaultPeerTimeout
	Timeout     time.Duration // for all of them, default DefaultTimeout
	// Dial connects to a peer; nil is plain TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// The defaults of Config. Most peers of a swarm are gone or unreachable, so many are asked at once and for
// a short time: 16 at a time with 4 s to connect are over a hundred dead peers in DefaultTimeout.
const (
	DefaultParallel    = 16
	DefaultPeerTimeout = 12 * time.Second
	DefaultTimeout     = 30 * time.Second
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
	f := &fetch{cfg: cfg, infoHash: infoHash, peerID: newPeerID()}
	asking, cancel := context.WithTimeout(ctx, cmp.Or(cfg.Timeout, DefaultTimeout))
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
}

// answer is a verified info dictionary, or why there is none.
type answer struct {
	dict []byte
	err  error
}

// askAll asks the peers until ctx ends. It closes answers after the last one; wait returns when all
// goroutines have.
func (f *fetch) askAll(ctx context.Context, peers []netip.AddrPort) (_ <-chan answer, wait func()) {
	answers, next := make(chan answer, len(peers)), make(chan netip.AddrPort)
	var asking sync.WaitGroup
	asking.Go(func() {
		defer close(next)
		for _, peer := range peers {
			select {
			case next <- peer:
			case <-ctx.Done():
				return
			}
		}
	})
	for range min(f.cfg.Parallel, len(peers)) {
		asking.Go(func() {
			for peer := range next {
				if ctx.Err() != nil {
					return
				}
				dict, err := f.ask(ctx, peer)
				answers <- answer{dict, err}
			}
		})
	}
	go func() {
		asking.Wait()
		close(answers)
	}()
	return answers, asking.Wait
}

// newPeerID returns a peer ID in the usual form (BEP 20). It differs each time, because a constant ID would
// reveal who asks for what.
func newPeerID() (id [20]byte) {
	copy(id[:], "-DT0001-")
	copy(id[8:], rand.Text())
	return id
}
