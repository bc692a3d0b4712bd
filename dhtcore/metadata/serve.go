package metadata

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"sync"
	"time"

	"github.com/anacrolix/torrent/mse"
	"github.com/anacrolix/torrent/peer_protocol"
)

// Bounds of a server.
const (
	maxConns  = 64               // served at once; others wait
	connTime  = 30 * time.Second // for one connection
	maxServed = 4                // times that one connection may request everything
)

// Library is the info dictionaries that are served. Its functions are called by many goroutines at once.
type Library struct {
	Dict   func(hash [20]byte) []byte // the one of a hash, bencoded; nil for none
	Hashes iter.Seq[[20]byte]         // of all of them
}

// Serve serves info dictionaries on l until ctx ends: metadata (BEP 9) and nothing else, in plaintext or encrypted as
// the other side likes. It closes l. The error is nil when ctx ended.
func Serve(ctx context.Context, l net.Listener, library Library) error {
	defer context.AfterFunc(ctx, func() { l.Close() })()
	defer l.Close()
	s := &server{library: library, peerID: newPeerID()}
	var serving sync.WaitGroup
	defer serving.Wait()
	places := make(chan struct{}, maxConns)
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("serving metadata on %s: %w", l.Addr(), err)
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			conn.Close()
			return nil
		}
		serving.Go(func() {
			defer func() { <-places }()
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			conn.SetDeadline(time.Now().Add(connTime)) //nolint:errcheck // of a closed one, which the next read says
			s.serve(conn)                              //nolint:errcheck // the other side left or was sent away
		})
	}
}

// server is what the connections of one Serve have in common.
type server struct {
	library Library
	peerID  [20]byte
}

var errUnknown = errors.New("info_hash not served")

// serve serves one connection until either side ends it.
func (s *server) serve(conn net.Conn) error {
	rw, err := s.open(conn)
	if err != nil {
		return err
	}
	result, err := peer_protocol.Handshake(context.Background(), rw, nil, s.peerID, extensions())
	if err != nil {
		return err
	}
	dict := s.library.Dict(result.Hash)
	if dict == nil || !result.SupportsExtended() {
		return errUnknown
	}
	if err := writeExtendedHandshake(rw, len(dict)); err != nil {
		return err
	}
	return answerRequests(rw, dict)
}

// open does the handshake of message stream encryption, unless the first bytes show a plain connection.
func (s *server) open(conn net.Conn) (io.ReadWriter, error) {
	in := bufio.NewReader(conn)
	rw := struct {
		io.Reader
		io.Writer
	}{in, conn}
	first, err := in.Peek(len(peer_protocol.Protocol))
	if err != nil || string(first) == peer_protocol.Protocol {
		return rw, err
	}
	stream, _, err := mse.ReceiveHandshake(context.Background(), rw, s.keys, mse.DefaultCryptoSelector)
	return stream, err
}

// keys yields the secrets that both sides know: the hashes.
func (s *server) keys(yield func(key []byte) (more bool)) {
	for hash := range s.library.Hashes {
		if !yield(hash[:]) {
			return
		}
	}
}

// answerRequests sends the pieces of dict that the other side requests.
func answerRequests(rw io.ReadWriter, dict []byte) error {
	in := newReader(rw)
	var theirs extendedHandshake
	pieces := (len(dict) + pieceSize - 1) / pieceSize
	for left := maxServed * pieces; left > 0; {
		m, err := in.next()
		if err != nil {
			return err
		}
		if m.handshake {
			if theirs, err = parseExtendedHandshake(m.payload); err != nil {
				return err
			}
			continue
		}
		request, err := parseMetadataMessage(m.payload)
		switch {
		case err != nil:
			return err
		case theirs.id == 0:
			return errWithout
		case request.kind != requestKind:
			continue
		}
		left--
		if err := writeMetadata(rw, theirs.id, reply(dict, request.piece)); err != nil {
			return err
		}
	}
	return nil
}

// reply returns the piece of dict, or a rejection if dict has no such piece.
func reply(dict []byte, piece int64) metadataMessage {
	if piece < 0 || piece >= int64(len(dict)+pieceSize-1)/pieceSize {
		return metadataMessage{kind: rejectKind, piece: piece}
	}
	from := int(piece) * pieceSize
	return metadataMessage{kind: dataKind, piece: piece, total: int64(len(dict)), data: dict[from:min(from+pieceSize, len(dict))]}
}
