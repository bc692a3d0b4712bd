package metadata

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"io"
	"time"
)

// MaxSize is the largest metadata that is fetched, in bytes: that of some 400,000 pieces. Nearly all
// torrents have less than 1 MiB.
const MaxSize = 8 << 20

const (
	// pipelined is how many pieces are requested ahead: 128 KiB fill a fast line, and no client takes them for
	// a flood.
	pipelined = 8
	// retryAfter is how long no piece comes until those that were requested are taken for dropped, the first
	// time; each next time is twice as long. Transmission sends a piece every half second.
	retryAfter = 1500 * time.Millisecond
	// maxRetryAfter bounds retryAfter for a peer whose answers take longer, so that it is asked more than once
	// before its silence ends the download.
	maxRetryAfter = 5 * time.Second
)

// message is an extended message that arrived, or why none will any more.
type message struct {
	extended
	err error
}

// read sends the extended messages of a connection to messages until it breaks or ctx ends, and closes messages.
func read(ctx context.Context, r io.Reader, messages chan<- message) {
	defer close(messages)
	for in := newReader(r); ; {
		m, err := in.next()
		m.payload = bytes.Clone(m.payload)
		select {
		case messages <- message{m, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// download is the fetch of an info dictionary over a connection whose handshake is done.
type download struct {
	rw       io.Writer
	messages chan message   // of the other side
	progress func(held int) // called with every piece, and the bytes that have arrived
	window   int            // pieces to request at once
}

// fetch returns the info dictionary, verified.
func (d *download) fetch(infoHash [20]byte) ([]byte, error) {
	if err := writeExtendedHandshake(d.rw, 0); err != nil {
		return nil, err
	}
	all, err := d.offer()
	if err != nil {
		return nil, err
	}
	pause := retryAfter
	stall := time.NewTimer(pause)
	defer stall.Stop()
	for !all.complete() {
		if err := all.request(d.rw); err != nil {
			return nil, err
		}
		select {
		case m, more := <-d.messages:
			if !more {
				return nil, io.ErrUnexpectedEOF
			}
			if m.handshake && m.err == nil {
				continue // a later one tells of changes, which no longer matter
			}
			answered, err := all.take(m)
			if err != nil {
				return nil, err
			}
			if answered {
				d.progress(all.arrived * pieceSize)
				pause = all.patience()
				stall.Reset(pause)
			}
		case <-stall.C:
			all.giveUpRequests()
			pause *= 2
			stall.Reset(pause)
		}
	}
	return all.verified(infoHash)
}

// offer waits for the peer's extended handshake.
func (d *download) offer() (*assembly, error) {
	for m := range d.messages {
		if m.err != nil {
			return nil, m.err
		}
		if m.handshake {
			return newAssembly(m.payload, d.window)
		}
	}
	return nil, io.ErrUnexpectedEOF
}

// assembly is metadata that arrives in pieces.
type assembly struct {
	id      uint8 // of ut_metadata messages to the peer
	size    int   // of the whole, in bytes, as the peer says
	pieces  []piece
	first   int // piece that is missing
	arrived int // pieces
	window  int // of pieces that are requested at once: most, or 1 of a peer that drops what it is asked beyond
	most    int
	open    int // requests without an answer, which is still expected
	// latency is how long the first answer took, 0 until it comes. late counts the answers, since the last giving
	// up, to requests that were given up: at most one, of a peer that drops what it is asked beyond the first.
	latency  time.Duration
	late     int
	complies bool // the peer answered several requests that were taken for dropped: it is slow and drops none
}

// piece is one piece of the metadata.
type piece struct {
	data  []byte // nil until it arrives
	open  bool   // it is requested, and expected
	asked int    // requests that no piece has answered
	// first and last are when it was requested the first and the last time.
	first, last time.Time
}

// newAssembly makes room for what the peer's extended handshake offers. A lie costs the 20 KiB of 512 empty
// pieces.
func newAssembly(handshake []byte, window int) (*assembly, error) {
	h, err := parseExtendedHandshake(handshake)
	switch {
	case err != nil:
		return nil, err
	case h.id == 0 || h.size == 0:
		return nil, errWithout
	case h.size < 0 || h.size > MaxSize:
		return nil, fmt.Errorf("%w: metadata of %d bytes", errWrong, h.size)
	}
	return &assembly{id: h.id, size: int(h.size), pieces: make([]piece, (h.size+pieceSize-1)/pieceSize), most: window, window: window}, nil
}

func (a *assembly) complete() bool { return a.arrived == len(a.pieces) }

// request requests the next pieces that are missing.
func (a *assembly) request(w io.Writer) error {
	for i := a.first; i < len(a.pieces) && a.open < a.window; i++ {
		p := &a.pieces[i]
		if p.data != nil || p.open {
			continue
		}
		if err := writeMetadata(w, a.id, metadataMessage{kind: requestKind, piece: int64(i)}); err != nil {
			return err
		}
		p.last = time.Now()
		if p.first.IsZero() {
			p.first = p.last
		}
		p.open = true
		p.asked++
		a.open++
	}
	return nil
}

// patience returns how long no piece may come until the open requests are given up.
func (a *assembly) patience() time.Duration { return min(max(retryAfter, 2*a.latency), maxRetryAfter) }

// giveUpRequests takes the requests without an answer for dropped, but the first time not those to a peer that
// seemed to drop none. From then on one piece is requested at a time.
func (a *assembly) giveUpRequests() {
	if a.complies {
		a.complies = false
		return
	}
	a.late = 0
	for i := a.first; a.open > 0; i++ {
		if a.pieces[i].open {
			a.pieces[i].open = false
			a.open--
		}
	}
	a.window = 1
}

// take takes in a message of the peer, and reports whether it is a piece that was requested.
func (a *assembly) take(received message) (answered bool, err error) {
	if received.err != nil {
		return false, received.err
	}
	m, err := parseMetadataMessage(received.payload)
	switch {
	case err != nil:
		return false, err
	case m.kind == rejectKind:
		return false, errWithout
	case m.kind != dataKind:
		return false, nil // a request, although we offer nothing, or a kind of the future (BEP 9)
	case m.piece < 0 || m.piece >= int64(len(a.pieces)) || a.pieces[m.piece].asked == 0:
		return false, fmt.Errorf("%w: piece %d was not requested", errWrong, m.piece)
	case m.total != 0 && m.total != int64(a.size):
		return false, fmt.Errorf("%w: %d bytes of metadata, and %d at first", errWrong, m.total, a.size)
	case len(m.data) != a.length(int(m.piece)):
		return false, fmt.Errorf("%w: piece %d has %d bytes", errWrong, m.piece, len(m.data))
	}
	p := &a.pieces[m.piece]
	p.asked--
	a.judge(p)
	if p.data != nil {
		return true, nil // it was requested twice
	}
	if p.open {
		p.open = false
		a.open--
	}
	p.data = m.data
	a.arrived++
	for a.first < len(a.pieces) && a.pieces[a.first].data != nil {
		a.first++
	}
	return true, nil
}

// judge learns from the answer that came for p whether the peer drops requests or is slow.
func (a *assembly) judge(p *piece) {
	if a.latency == 0 {
		a.latency = max(time.Since(p.first), time.Nanosecond)
	}
	if p.data != nil || p.open && p.first.Equal(p.last) {
		return // it came twice, or was never given up
	}
	if !p.open || time.Since(p.last) < a.latency/2 { // no answer to the last request comes so soon
		a.late++
	}
	if a.late > 1 {
		a.complies, a.window = true, a.most
	}
}

// length returns the size of a piece in bytes.
func (a *assembly) length(piece int) int { return min(pieceSize, a.size-piece*pieceSize) }

// verified returns the whole dictionary if its SHA-1 (BEP 3), or the first 20 bytes of its SHA-256 (BEP 52),
// is infoHash.
func (a *assembly) verified(infoHash [20]byte) ([]byte, error) {
	v1, v2 := sha1.New(), sha256.New()
	for i := range a.pieces {
		v1.Write(a.pieces[i].data)
		v2.Write(a.pieces[i].data)
	}
	if infoHash != [20]byte(v1.Sum(nil)) && infoHash != [20]byte(v2.Sum(nil)[:20]) {
		return nil, fmt.Errorf("%w: metadata with another hash", errWrong)
	}
	dict := make([]byte, 0, a.size)
	for i := range a.pieces {
		dict = append(dict, a.pieces[i].data...)
	}
	return dict, nil
}
