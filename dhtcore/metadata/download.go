package metadata

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// MaxSize is the largest metadata that is fetched, in bytes: that of some 400,000 pieces. Nearly all
// torrents have less than 1 MiB.
const MaxSize = 8 << 20

// pipelined is how many pieces are requested ahead: 128 KiB fill a fast line, and no client takes them for
// a flood.
const pipelined = 8

// download fetches the info dictionary over a connection whose handshake is done, and verifies it.
func download(rw io.ReadWriter, infoHash [20]byte) ([]byte, error) {
	if err := writeExtendedHandshake(rw, 0); err != nil {
		return nil, err
	}
	in := newReader(rw)
	var all *assembly
	for all == nil {
		m, err := in.next()
		if err != nil {
			return nil, err
		}
		if m.handshake {
			if all, err = newAssembly(m.payload); err != nil {
				return nil, err
			}
		}
	}
	for !all.complete() {
		if err := all.request(rw); err != nil {
			return nil, err
		}
		m, err := in.next()
		if err != nil {
			return nil, err
		}
		if m.handshake {
			continue // a later one tells of changes, which no longer matter
		}
		if err := all.add(m.payload); err != nil {
			return nil, err
		}
	}
	return all.verified(infoHash)
}

// assembly is metadata that arrives in pieces.
type assembly struct {
	id        uint8 // of ut_metadata messages to the peer
	size      int   // of the whole, in bytes, as the peer says
	pieces    [][]byte
	requested int // pieces, from the first
	arrived   int // pieces
}

// newAssembly makes room for what the peer's extended handshake offers. A lie costs the 12 KiB of 512 empty
// pieces.
func newAssembly(handshake []byte) (*assembly, error) {
	h, err := parseExtendedHandshake(handshake)
	switch {
	case err != nil:
		return nil, err
	case h.id == 0 || h.size == 0:
		return nil, errWithout
	case h.size < 0 || h.size > MaxSize:
		return nil, fmt.Errorf("%w: metadata of %d bytes", errWrong, h.size)
	}
	return &assembly{id: h.id, size: int(h.size), pieces: make([][]byte, (h.size+pieceSize-1)/pieceSize)}, nil
}

func (a *assembly) complete() bool { return a.arrived == len(a.pieces) }

// request requests the next pieces.
func (a *assembly) request(w io.Writer) error {
	for ; a.requested < min(a.arrived+pipelined, len(a.pieces)); a.requested++ {
		if err := writeMetadata(w, a.id, metadataMessage{kind: requestKind, piece: int64(a.requested)}); err != nil {
			return err
		}
	}
	return nil
}

// add adds the piece that the peer sent.
func (a *assembly) add(payload []byte) error {
	m, err := parseMetadataMessage(payload)
	switch {
	case err != nil:
		return err
	case m.kind == rejectKind:
		return errWithout
	case m.kind != dataKind:
		return nil // a request, although we offer nothing, or a kind of the future (BEP 9)
	case m.piece < 0 || m.piece >= int64(a.requested):
		return fmt.Errorf("%w: piece %d was not requested", errWrong, m.piece)
	case a.pieces[m.piece] != nil:
		return fmt.Errorf("%w: piece %d came twice", errWrong, m.piece)
	case m.total != 0 && m.total != int64(a.size):
		return fmt.Errorf("%w: %d bytes of metadata, and %d at first", errWrong, m.total, a.size)
	case len(m.data) != a.length(int(m.piece)):
		return fmt.Errorf("%w: piece %d has %d bytes", errWrong, m.piece, len(m.data))
	}
	a.pieces[m.piece] = bytes.Clone(m.data)
	a.arrived++
	return nil
}

// length returns the size of a piece in bytes.
func (a *assembly) length(piece int) int { return min(pieceSize, a.size-piece*pieceSize) }

// verified returns the whole dictionary if its SHA-1 (BEP 3), or the first 20 bytes of its SHA-256 (BEP 52),
// is infoHash.
func (a *assembly) verified(infoHash [20]byte) ([]byte, error) {
	for _, h := range []hash.Hash{sha1.New(), sha256.New()} {
		for _, piece := range a.pieces {
			h.Write(piece)
		}
		if bytes.Equal(h.Sum(nil)[:len(infoHash)], infoHash[:]) {
			return bytes.Join(a.pieces, nil), nil
		}
	}
	return nil, fmt.Errorf("%w: metadata with another hash", errWrong)
}
