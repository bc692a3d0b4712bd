package scrape

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// patience is how long a test waits for what comes at once.
const patience = 20 * time.Second

// id returns a hash.
func id(n byte) (h wire.ID) {
	for i := range h {
		h[i] = n + byte(i)
	}
	return h
}

// udpTracker is a small tracker of BEP 15. It answers with the counts of a hash: its first byte, and that plus 1
// and 2 for completed and leechers.
type udpTracker struct {
	conn *net.UDPConn

	mu       sync.Mutex // guards what follows
	ids      int        // connection IDs given
	scrapes  []int      // hashes of each scrape
	sources  map[netip.AddrPort]bool
	deaf     int                 // packets that are lost
	good     uint64              // the connection ID that is good
	answer   func([]byte) []byte // in place of the counts
	mistaken bool                // sends a reply of another transaction before each
}

func openTracker(t testing.TB) *udpTracker {
	t.Helper()
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	u := &udpTracker{conn: conn, sources: map[netip.AddrPort]bool{}, good: 7}
	t.Cleanup(func() { conn.Close() })
	go u.serve()
	return u
}

func (u *udpTracker) url() string { return "udp://" + u.conn.LocalAddr().String() + "/announce" }

// locked runs what reads or changes the tracker, which is serving.
func (u *udpTracker) locked(do func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	do()
}

func (u *udpTracker) serve() {
	b := make([]byte, 4096)
	for {
		n, from, err := u.conn.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		u.mu.Lock()
		u.sources[from] = true
		reply := u.reply(b[:n])
		if reply != nil && u.mistaken {
			other := append([]byte(nil), reply...)
			other[7]++
			for _, odd := range [][]byte{other, nil, []byte("short")} {
				u.send(odd, from)
			}
		}
		if reply != nil {
			u.send(reply, from)
		}
		u.mu.Unlock()
	}
}

func (u *udpTracker) send(b []byte, to netip.AddrPort) {
	u.conn.WriteToUDPAddrPort(b, to) //nolint:errcheck // the test sees what does not arrive
}

func (u *udpTracker) reply(b []byte) []byte {
	if u.deaf > 0 {
		u.deaf--
		return nil
	}
	head := append([]byte(nil), b[8:16]...)
	if binary.BigEndian.Uint64(b) == protocolID {
		u.ids++
		return binary.BigEndian.AppendUint64(head, u.good)
	}
	if u.answer != nil {
		return u.answer(head)
	}
	if binary.BigEndian.Uint64(b) != u.good {
		return failed(head, "Connection ID missmatch.")
	}
	u.scrapes = append(u.scrapes, (len(b)-16)/20)
	for at := 16; at+20 <= len(b); at += 20 {
		for i := range byte(3) {
			head = binary.BigEndian.AppendUint32(head, uint32(b[at]+i))
		}
	}
	return head
}

// failed is the error packet of a transaction.
func failed(head []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, actionError), append(head[4:8], text...)...)
}

// openClient opens a Client that resends soon.
func openClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// scrape asks a tracker within the patience of a test.
func scrape(t testing.TB, c *Client, tracker string, hashes ...wire.ID) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return c.Scrape(ctx, tracker, hashes)
}

// openHTTP serves one answer, bencoded, for every request.
func openHTTP(t testing.TB, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s
}

// files answers with the counts of the hashes that are asked for, as udpTracker does.
func files(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("d5:filesd")
	for _, hash := range r.URL.Query()["info_hash"] {
		n := int(hash[0])
		fmt.Fprintf(&b, "20:%sd8:completei%de10:downloadedi%de10:incompletei%dee", hash, n, n+1, n+2)
	}
	b.WriteString("ee")
	write(w, b.String())
}

func write(w http.ResponseWriter, body string) {
	io.WriteString(w, body) //nolint:errcheck // the test sees what does not arrive
}
