package metadata

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anacrolix/torrent/metainfo"
	"github.com/anacrolix/torrent/peer_protocol"
)

// stranger is a peer at the other end of a pipe.
type stranger struct {
	net.Conn
	dict     []byte     // what it should have
	requests chan int64 // the pieces that were asked for; closed at the end of the connection
	bits     peer_protocol.PeerExtensionBits
	id       [20]byte
}

// shake does the handshake of BEP 3 and answers for hash.
func (s *stranger) shake(hash [20]byte) bool {
	_, err := peer_protocol.Handshake(context.Background(), s.Conn, (*metainfo.Hash)(&hash), s.id, s.bits)
	return err == nil
}

// listen reads the requests, so that what the stranger says waits for nothing.
func (s *stranger) listen() {
	defer close(s.requests)
	in := newReader(s.Conn)
	for {
		m, err := in.next()
		if err != nil {
			return
		}
		if m.handshake {
			continue
		}
		if request, err := parseMetadataMessage(m.payload); err == nil {
			s.requests <- request.piece
		}
	}
}

// greet is a true extended handshake.
func (s *stranger) greet() { writeExtendedHandshake(s, len(s.dict)) } //nolint:errcheck // the other end may be gone

// send sends a message of ut_metadata.
func (s *stranger) send(m metadataMessage) bool { return writeMetadata(s, ourID, m) == nil }

// message sends a message of the peer protocol.
func (s *stranger) message(body ...byte) bool {
	_, err := s.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...))
	return err == nil
}

// extendedHandshake sends an extended handshake as it is.
func (s *stranger) extendedHandshake(payload string) {
	s.message(append([]byte{byte(peer_protocol.Extended), 0}, payload...)...)
}

// answer sends what is asked for, changed.
func (s *stranger) answer(change func(m *metadataMessage)) {
	s.greet()
	for piece := range s.requests {
		m := reply(s.dict, piece)
		change(&m)
		if !s.send(m) {
			return
		}
	}
}

// hear waits until the other end is gone.
func (s *stranger) hear() {
	for range s.requests {
	}
}

// dialing returns a Config whose peers behave so, and a count of the connections made. The first
// part, when not nil, takes the place of the handshake.
func dialing(t *testing.T, dict []byte, first func(net.Conn), behave func(s *stranger)) (Config, *int) {
	return dialingClient(t, "", dict, first, behave)
}

// dialingClient is dialing for peers whose ID begins with client.
func dialingClient(t *testing.T, client string, dict []byte, first func(net.Conn), behave func(s *stranger)) (Config, *int) {
	var mu sync.Mutex
	var strangers sync.WaitGroup
	t.Cleanup(strangers.Wait)
	dials := new(int)
	return Config{Dial: func(context.Context, string, string) (net.Conn, error) {
		mu.Lock()
		*dials++
		mu.Unlock()
		ours, theirs := net.Pipe()
		strangers.Go(func() {
			defer theirs.Close()
			if first != nil {
				first(theirs)
				return
			}
			s := &stranger{Conn: theirs, dict: dict, requests: make(chan int64, 1000), bits: extensions()}
			copy(s.id[:], client)
			if s.shake(sha1.Sum(dict)) {
				go s.listen()
				behave(s)
			}
		})
		return ours, nil
	}}, dials
}

// whole is the metadata that the strangers should have: five pieces.
var whole = dictOf("whole", 5*pieceSize-1000)

func TestAPeerThatLiesIsFoundOut(t *testing.T) {
	bomb := strings.Repeat("l", 18<<10)
	for _, c := range []struct {
		name   string
		behave func(s *stranger)
		want   string // of the tally
	}{
		{"no ut_metadata", func(s *stranger) { s.extendedHandshake("d1:mde13:metadata_sizei100ee"); s.hear() }, "do not have it"},
		{"no size", func(s *stranger) { s.extendedHandshake("d1:md11:ut_metadatai3eee"); s.hear() }, "do not have it"},
		{"a reject", func(s *stranger) { s.answer(func(m *metadataMessage) { *m = metadataMessage{kind: rejectKind} }) }, "do not have it"},
		{"a negative size", func(s *stranger) { s.extendedHandshake("d1:md11:ut_metadatai3ee13:metadata_sizei-1ee"); s.hear() }, "invalid"},
		{"a size beyond the cap", func(s *stranger) { s.extendedHandshake("d1:md11:ut_metadatai3ee13:metadata_sizei8388609ee"); s.hear() }, "invalid"},
		{"a size beyond all bounds", func(s *stranger) {
			s.extendedHandshake("d1:md11:ut_metadatai3ee13:metadata_sizei99999999999999999999999ee")
			s.hear()
		}, "invalid"},
		{"a size that is no number", func(s *stranger) { s.extendedHandshake("d1:md11:ut_metadatai3ee13:metadata_size3:100e"); s.hear() }, "invalid"},
		{"a number that is no byte", func(s *stranger) { s.extendedHandshake("d1:md11:ut_metadatai256ee13:metadata_sizei100ee"); s.hear() }, "invalid"},
		{"a handshake of nested lists", func(s *stranger) { s.extendedHandshake("d1:m" + bomb); s.hear() }, "invalid"},
		{"a handshake of garbage", func(s *stranger) { s.extendedHandshake("\xff\xfe99999999999999:x"); s.hear() }, "invalid"},
		{"a message of 4 GB", func(s *stranger) { s.Write([]byte{255, 255, 255, 255, 20, 0}); s.hear() }, "invalid"}, //nolint:errcheck // the other end may be gone
		{"a handshake of a megabyte", func(s *stranger) { s.message(append([]byte{20, 0}, make([]byte, 1<<20)...)...); s.hear() }, "invalid"},
		{"a size too small", func(s *stranger) {
			writeExtendedHandshake(s, 100) //nolint:errcheck // the other end may be gone
			for piece := range s.requests {
				s.send(metadataMessage{kind: dataKind, piece: piece, total: 100, data: s.dict[:100]})
			}
		}, "invalid"},
		{"a size too large", func(s *stranger) {
			writeExtendedHandshake(s, len(s.dict)+1) //nolint:errcheck // the other end may be gone
			for piece := range s.requests {
				s.send(reply(append(slices.Clip(s.dict), 'e'), piece))
			}
		}, "invalid"},
		{"two sizes", func(s *stranger) { s.answer(func(m *metadataMessage) { m.total++ }) }, "invalid"},
		{"a piece twice", func(s *stranger) { s.answer(func(m *metadataMessage) { *m = reply(whole, 0) }) }, "invalid"},
		{"a piece that was not asked for", func(s *stranger) { s.answer(func(m *metadataMessage) { m.piece = 1 << 40 }) }, "invalid"},
		{"a piece before the first", func(s *stranger) { s.answer(func(m *metadataMessage) { m.piece = -1 }) }, "invalid"},
		{"a piece too short", func(s *stranger) { s.answer(func(m *metadataMessage) { m.data = m.data[1:] }) }, "invalid"},
		{"a piece too long", func(s *stranger) {
			s.answer(func(m *metadataMessage) { m.data = append(slices.Clip(m.data), 0) })
		}, "invalid"},
		{"other bytes", func(s *stranger) { s.answer(func(m *metadataMessage) { m.data = make([]byte, len(m.data)) }) }, "invalid"},
		{"nested lists before a piece", func(s *stranger) {
			s.greet()
			s.message(append([]byte{20, ourID}, "d8:msg_type"+bomb...)...)
			s.hear()
		}, "invalid"},
		{"data of unknown kinds only", func(s *stranger) { s.answer(func(m *metadataMessage) { m.kind = 7 }) }, "too slow"},
		{"hanging up", func(*stranger) {}, "disconnected"},
		{"bitfields without end", func(s *stranger) {
			field := make([]byte, 1<<20)
			field[0] = byte(peer_protocol.Bitfield)
			for s.message(field...) {
			}
		}, "disconnected"},
		{"keepalives without end", func(s *stranger) {
			for s.message() {
				time.Sleep(time.Second)
			}
		}, "too slow"},
		{"a byte at a time", func(s *stranger) {
			s.greet()
			for _, b := range make([]byte, 1<<20) {
				if _, err := s.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}, "too slow"},
		{"silence", func(s *stranger) { s.hear() }, "too slow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, dials := dialing(t, whole, nil, c.behave)
				began := time.Now()
				_, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1))
				if !errors.Is(err, ErrNoMetadata) || !strings.Contains(err.Error(), "of 1, 1 ") || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v", err)
				}
				if took := time.Since(began); took > DefaultPeerTimeout {
					t.Errorf("it took %s", took)
				}
				if *dials != 1 {
					t.Errorf("it was connected to %d times", *dials)
				}
			})
		})
	}
}

func TestAPeerOfOddButHonestHabitsIsUnderstood(t *testing.T) {
	for name, behave := range map[string]func(s *stranger){
		"much talk before the handshake": func(s *stranger) {
			s.message()
			s.message(append([]byte{byte(peer_protocol.Bitfield)}, make([]byte, 500_000)...)...)
			s.message(99)               // no type that we know
			s.message(20, 77, 'd', 'e') // an extension that we did not offer
			s.message(20)               // of no extension at all
			s.message(4, 0, 0, 0, 1)    // a piece that it has
			s.answer(func(*metadataMessage) {})
		},
		"a second handshake": func(s *stranger) {
			s.greet()
			s.extendedHandshake("d1:mdee")
			s.answer(func(*metadataMessage) {})
		},
		"no total size": func(s *stranger) { s.answer(func(m *metadataMessage) { m.total = 0 }) },
		"backwards": func(s *stranger) {
			s.greet()
			for range 5 {
				<-s.requests
			}
			for piece := range 5 {
				s.send(reply(s.dict, int64(4-piece)))
			}
			s.hear()
		},
		"requests of its own": func(s *stranger) {
			s.greet()
			s.send(metadataMessage{kind: requestKind, piece: 3})
			for piece := range s.requests {
				s.send(reply(s.dict, piece))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, _ := dialing(t, whole, nil, behave)
				if got, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1)); err != nil || got.Name != "whole" {
					t.Errorf("%+v, %v", got, err)
				}
			})
		})
	}
}

func TestAPeerThatDoesNotShakeHandsIsTriedTwiceAtMost(t *testing.T) {
	for name, c := range map[string]struct {
		first func(net.Conn)
		dials int
		want  string
	}{
		"hangs up": {func(net.Conn) {}, 2, "disconnected"},
		"garbage": {func(c net.Conn) {
			go io.Copy(io.Discard, c) //nolint:errcheck // ends with the connection
			for range 100 {
				if _, err := c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")); err != nil {
					return
				}
			}
		}, 2, "disconnected"},
		"silence": {func(c net.Conn) { io.Copy(io.Discard, c) }, 2, "too slow"}, //nolint:errcheck // ends with the connection
		"a byte now and then": {func(c net.Conn) {
			go io.Copy(io.Discard, c) //nolint:errcheck // ends with the connection
			for {
				if _, err := c.Write([]byte{19}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}, 2, "too slow"},
		"another torrent": {func(c net.Conn) {
			s := &stranger{Conn: c, bits: extensions()}
			s.shake([20]byte{1})
		}, 1, "invalid"},
		"no extensions": {func(c net.Conn) {
			s := &stranger{Conn: c}
			s.shake(sha1.Sum(whole))
		}, 1, "do not have it"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, dials := dialing(t, whole, c.first, nil)
				began := time.Now()
				_, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1))
				if !errors.Is(err, ErrNoMetadata) || !strings.Contains(err.Error(), c.want) || *dials != c.dials {
					t.Errorf("%v after %d connections", err, *dials)
				}
				if took := time.Since(began); took > DefaultPeerTimeout {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestASwarmOfTheSilentEndsInTimeAndSaysHowManyWereLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, dials := dialing(t, whole, nil, (*stranger).hear)
		began := time.Now()
		_, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1000))
		if !errors.Is(err, ErrNoMetadata) || !strings.HasSuffix(err.Error(), "of 1000, 48 disconnected or were too slow, 952 were not asked in time") {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took != DefaultTimeout || *dials != 3*DefaultParallel {
			t.Errorf("%d peers in %s", *dials, took)
		}
	})
}

func TestTheOneHonestPeerOfManyIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		liar, _ := dialing(t, whole, nil, func(s *stranger) { s.answer(func(m *metadataMessage) { m.data = make([]byte, len(m.data)) }) })
		silent, _ := dialing(t, whole, nil, (*stranger).hear)
		honest, _ := dialing(t, whole, nil, func(s *stranger) { s.answer(func(*metadataMessage) {}) })
		kinds := []Config{liar, silent, honest}
		peers := make([]netip.AddrPort, 40)
		for i := range peers {
			peers[i] = netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(i%2))
		}
		peers[30] = netip.AddrPortFrom(netip.IPv4Unspecified(), 2)
		got, err := Fetch(t.Context(), Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return kinds[netip.MustParseAddrPort(addr).Port()].Dial(ctx, network, addr)
		}}, sha1.Sum(whole), peers)
		if err != nil || got.Name != "whole" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestFetchEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, _ := dialing(t, whole, nil, (*stranger).hear)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := Fetch(ctx, cfg, sha1.Sum(whole), make([]netip.AddrPort, 100))
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrNoMetadata) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

func TestALyingSizeCostsLittleMemory(t *testing.T) {
	handshake := []byte("d1:md11:ut_metadatai3ee13:metadata_sizei8388608ee")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a, err := newAssembly(handshake, pipelined)
	runtime.ReadMemStats(&after)
	if err != nil || len(a.pieces) != 512 {
		t.Fatalf("%+v, %v", a, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 64<<10 {
		t.Errorf("a promise of 8 MiB took %d bytes", took)
	}
}
