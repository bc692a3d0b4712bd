// Package metadata fetches the info dictionary behind an info_hash, the name and the files of a
// torrent, from the peers that hold it (BEP 9, over the extension protocol of BEP 10), and serves it.
//
// The Explorer calls Fetch with the peers of a lookup when somebody asks for a name; dhtcore/testnet
// calls Serve. Everything a peer sends is suspect: its pieces are checked one by one, memory grows only
// as data arrives, nothing is believed before the hash of the whole is right, and then the text still
// is made harmless. Peers are reached over TCP, in plaintext and then encrypted (MSE); those that speak
// uTP only are not. Fetch and Serve return when all their goroutines have, and share nothing: there is
// no lock.
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

// Config says how hard Fetch tries. The zero value of a field means its default.
type Config struct {
	Parallel    int           // peers asked at once, default DefaultParallel
	PeerTimeout time.Duration // for one peer, in plaintext and encrypted, default DefaultPeerTimeout
	Timeout     time.Duration // for all of them, default DefaultTimeout
	// Dial connects to a peer; nil is plain TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// The defaults of Config. Most of a swarm is not there or not reachable, so many are asked at once and
// none is waited for long: 16 at a time with 4 s to connect is over a hundred dead peers in DefaultTimeout.
const (
	DefaultParallel    = 16
	DefaultPeerTimeout = 12 * time.Second
	DefaultTimeout     = 30 * time.Second
)

// ErrNoMetadata is wrapped by Fetch's error when no peer gave the metadata in time.
var ErrNoMetadata = errors.New("no peer gave the metadata")

// Fetch asks the peers, in their order and Config.Parallel at a time, for the info dictionary with
// the given info_hash, and returns what the first whole and true one says. The hash is that of BEP 3,
// or of BEP 52 cut to 20 bytes, by which the DHT knows a hybrid torrent as well. Every address is
// connected to: which may be is for the caller to say.
//
// The error wraps ErrNoMetadata and counts what came of the peers, or wraps ErrInfo when the
// dictionary is the one asked for and yet of no use, or ctx's error when that ended first.
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

// fetch is what the requests of one Fetch have in common.
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

// askAll asks the peers until ctx ends. The answers are closed after the last one; wait returns when
// nobody is asking any more.
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

// newPeerID returns a peer ID in the usual form (BEP 20), another one each time: an ID that stays
// would tell who asks for what.
func newPeerID() (id [20]byte) {
	copy(id[:], "-DT0001-")
	copy(id[8:], rand.Text())
	return id
}
