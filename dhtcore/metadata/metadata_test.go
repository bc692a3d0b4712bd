package metadata

import (
	"bytes"
	"context"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/anacrolix/torrent/peer_protocol"
)

// dictOf is an info dictionary of a single file whose hashes take about size bytes.
func dictOf(name string, size int) []byte {
	hashes := rand20s(size / 20)
	return fmt.Appendf(nil, "d6:lengthi%de4:name%d:%s12:piece lengthi16384e6:pieces%d:%se", len(hashes)/20*16384, len(name), name, len(hashes), hashes)
}

// rand20s returns n times 20 bytes that are the same every time.
func rand20s(n int) []byte {
	stream, err := rc4.NewCipher([]byte("pieces"))
	if err != nil {
		panic(err)
	}
	b := make([]byte, 20*n)
	stream.XORKeyStream(b, b)
	return b
}

// serving starts a Serve of dicts that ends with the test, and returns where it is.
func serving(t *testing.T, dicts ...[]byte) netip.AddrPort {
	t.Helper()
	byHash := map[[20]byte][]byte{}
	for _, d := range dicts {
		byHash[sha1.Sum(d)] = d
	}
	l := listening(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, libraryOf(byHash)) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return addrOf(l)
}

func libraryOf(dicts map[[20]byte][]byte) Library {
	return Library{Dict: func(hash [20]byte) []byte { return dicts[hash] }, Hashes: maps.Keys(dicts)}
}

func listening(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func addrOf(l net.Listener) netip.AddrPort { return l.Addr().(*net.TCPAddr).AddrPort() }

func TestFetchGetsWhatServeGives(t *testing.T) {
	dicts := [][]byte{dictOf("small", 20), dictOf("one piece and a bit", pieceSize), dictOf("many pieces", 40*pieceSize), dictOf("near the limit", MaxSize-200)}
	peer := serving(t, dicts...)
	for _, d := range dicts {
		want, err := Parse(d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Fetch(t.Context(), Config{}, sha1.Sum(d), []netip.AddrPort{peer})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", want.Name, got, err)
		}
	}
	if _, err := Fetch(t.Context(), Config{}, [20]byte{1}, []netip.AddrPort{peer}); !errors.Is(err, ErrNoMetadata) {
		t.Errorf("a hash that is not served: %v", err)
	}
}

// Exactly whole pieces: the last is not an empty one.
func TestFetchGetsMetadataOfWholePieces(t *testing.T) {
	name := strings.Repeat("n", pieceSize-len(dictOf("", 2000)))
	for len(dictOf(name, 2000)) > pieceSize {
		name = name[1:]
	}
	d := dictOf(name, 2000)
	if len(d) != pieceSize {
		t.Fatalf("%d bytes", len(d))
	}
	if _, err := Fetch(t.Context(), Config{}, sha1.Sum(d), []netip.AddrPort{serving(t, d)}); err != nil {
		t.Error(err)
	}
}

func TestFetchKnowsAHybridTorrentByItsSecondHash(t *testing.T) {
	d := []byte("d6:lengthi5e12:meta versioni2e4:name6:hybrid12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae")
	sum := sha256.Sum256(d)
	second := [20]byte(sum[:20])
	l := listening(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go Serve(ctx, l, libraryOf(map[[20]byte][]byte{second: d})) //nolint:errcheck // ends with the test
	if got, err := Fetch(ctx, Config{}, second, []netip.AddrPort{addrOf(l)}); err != nil || got.Name != "hybrid" {
		t.Errorf("%+v, %v", got, err)
	}
}

// encryptedOnly hangs up on peers that start in plaintext, as clients that require encryption do.
func encryptedOnly(t *testing.T, dict []byte) (peer netip.AddrPort, plain *int) {
	l, plain := listening(t), new(int)
	s := &server{library: libraryOf(map[[20]byte][]byte{sha1.Sum(dict): dict})}
	var serving sync.WaitGroup
	t.Cleanup(serving.Wait)
	t.Cleanup(func() { l.Close() })
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			first := &recorded{Conn: conn}
			s.serve(&refusing{first}) //nolint:errcheck // the other end sees the result
			if first.isPlain() {
				*plain++
			}
			conn.Close()
		}
	})
	return addrOf(l), plain
}

// recorded remembers what was read first.
type recorded struct {
	net.Conn
	head []byte
}

func (r *recorded) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	r.head = append(r.head, b[:min(n, max(0, 20-len(r.head)))]...)
	return n, err
}

func (r *recorded) isPlain() bool { return bytes.HasPrefix(r.head, []byte(peer_protocol.Protocol)) }

// refusing ends at a plaintext handshake.
type refusing struct{ *recorded }

func (r *refusing) Read(b []byte) (int, error) {
	n, err := r.recorded.Read(b)
	if r.isPlain() {
		return 0, net.ErrClosed
	}
	return n, err
}

func TestFetchTriesEncryptionWithWhoHangsUpOnPlaintext(t *testing.T) {
	dict := dictOf("secret", 3*pieceSize)
	peer, plain := encryptedOnly(t, dict)
	got, err := Fetch(t.Context(), Config{}, sha1.Sum(dict), []netip.AddrPort{peer})
	if err != nil || got.Name != "secret" {
		t.Errorf("%+v, %v", got, err)
	}
	if *plain != 1 {
		t.Errorf("it was tried in plaintext %d times", *plain)
	}
}

func TestFetchWithoutPeersSaysSo(t *testing.T) {
	_, err := Fetch(t.Context(), Config{}, [20]byte{}, nil)
	if !errors.Is(err, ErrNoMetadata) || !strings.Contains(err.Error(), "no peer to ask") {
		t.Errorf("%v", err)
	}
}

func TestFetchCountsThoseItCannotReach(t *testing.T) {
	l := listening(t)
	l.Close()
	_, err := Fetch(t.Context(), Config{}, [20]byte{}, []netip.AddrPort{addrOf(l), {}})
	if !errors.Is(err, ErrNoMetadata) || !strings.HasSuffix(err.Error(), "of 2, 2 could not be reached") {
		t.Errorf("%v", err)
	}
}

func TestFetchOfATrueButUselessDictionaryIsFinal(t *testing.T) {
	d := []byte("d4:spam4:eggse")
	if _, err := Fetch(t.Context(), Config{}, sha1.Sum(d), []netip.AddrPort{serving(t, d)}); !errors.Is(err, ErrInfo) {
		t.Errorf("%v", err)
	}
}
