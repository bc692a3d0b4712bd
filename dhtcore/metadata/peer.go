package metadata

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/anacrolix/torrent/metainfo"
	"github.com/anacrolix/torrent/mse"
	"github.com/anacrolix/torrent/peer_protocol"
)

// openDivisor of a peer's time is how long connecting may take, and the handshakes. A third is left to try
// again, encrypted, with a peer that did not reply.
const openDivisor = 3

// errHandshake marks a peer that was reached but did not complete the handshake of BEP 3. It may accept only
// encrypted connections.
var errHandshake = errors.New("handshake")

// ask fetches the info dictionary from one peer and verifies it.
func (f *fetch) ask(ctx context.Context, peer netip.AddrPort) ([]byte, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(f.cfg.PeerTimeout, cancel)
	defer silence.Stop()
	pieces := f.room.enter(cancel)
	defer f.room.leave(pieces)
	progress := func(held int) {
		f.room.hold(pieces, held)
		silence.Reset(f.cfg.PeerTimeout)
		f.progress()
	}
	dict, err := f.attempt(ctx, peer, f.plaintext, progress)
	if errors.Is(err, errHandshake) && ctx.Err() == nil {
		dict, err = f.attempt(ctx, peer, f.encrypted, progress)
	}
	return dict, err
}

// rtorrent begins the peer ID of rtorrent. A request that arrives while it sends a piece is lost to it, and so is
// every later one of the connection.
const rtorrent = "-lt"

// attempt connects to peer, plain or encrypted as open does it, and downloads from it. It calls progress with
// every piece.
func (f *fetch) attempt(ctx context.Context, peer netip.AddrPort, open func(net.Conn) (io.ReadWriter, error),
	progress func(held int)) ([]byte, error) {
	conn, err := f.dial(ctx, peer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreachable, err)
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(f.cfg.PeerTimeout / openDivisor)) //nolint:errcheck // of a closed one, which the next read says
	rw, err := open(conn)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	result, err := peer_protocol.Handshake(context.Background(), rw, (*metainfo.Hash)(&f.infoHash), f.peerID, extensions())
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errHandshake, err)
	case result.Hash != f.infoHash:
		return nil, fmt.Errorf("%w: a handshake for another torrent", errWrong)
	case !result.SupportsExtended():
		return nil, fmt.Errorf("%w: no extension protocol", errWithout)
	}
	conn.SetDeadline(time.Time{}) //nolint:errcheck // ctx closes it from here on
	d := download{rw: rw, messages: make(chan message), progress: progress, window: pipelined}
	if bytes.HasPrefix(result.PeerID[:], []byte(rtorrent)) {
		d.window = 1
	}
	reading.Go(func() { read(ctx, rw, d.messages) })
	return d.fetch(f.infoHash)
}

func (f *fetch) dial(ctx context.Context, peer netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, f.cfg.PeerTimeout/openDivisor)
	defer cancel()
	return f.cfg.Dial(ctx, "tcp", peer.String())
}

func (f *fetch) plaintext(conn net.Conn) (io.ReadWriter, error) { return conn, nil }

// encrypted does the handshake of message stream encryption. The connection's deadline bounds it, not a
// context, with which mse leaks a reading goroutine.
func (f *fetch) encrypted(conn net.Conn) (io.ReadWriter, error) {
	rw, _, err := mse.InitiateHandshake(conn, f.infoHash[:], nil, mse.AllSupportedCrypto)
	return rw, err
}

// extensions returns the bits of a handshake that offers BEP 10 and nothing else.
func extensions() peer_protocol.PeerExtensionBits {
	return peer_protocol.NewPeerExtensionBytes(peer_protocol.ExtensionBitLtep)
}
