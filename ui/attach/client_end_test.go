package attach

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
)

// fake is a node that does what a test wants it to, once somebody has greeted.
func fake(t *testing.T, do func(conn *websocket.Conn, out *protocol.StreamWriter)) (target string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		out, err := protocol.NewStreamWriter(sends(func(b []byte) error { return conn.Write(t.Context(), websocket.MessageBinary, b) }))
		if err != nil {
			t.Error(err)
			return
		}
		if _, _, err := conn.Read(t.Context()); err == nil {
			do(conn, out)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

type sends func(b []byte) error

func (s sends) Write(b []byte) (int, error) { return len(b), s(b) }

// hello is the greeting of a node.
var hello = protocol.Message{Hello: &protocol.Hello{Protocol: protocol.Version, Dhtop: "9.0\x1b[2J"}}

func TestANodeOfAnotherVersionIsRefusedByBoth(t *testing.T) {
	t.Parallel()
	target := fake(t, func(conn *websocket.Conn, out *protocol.StreamWriter) {
		out.Write(&protocol.Message{Hello: &protocol.Hello{Protocol: 7, Dhtop: "9.0"}}) //nolint:errcheck // the client tells
		conn.Read(context.Background())                                                 //nolint:errcheck // until it has gone
	})
	err := opened(t, target, Config{Version: "1.0"}).Wait(t.Context())
	if err == nil || !strings.Contains(err.Error(), "dhtop 9.0 at "+target+" speaks version 7") || !strings.Contains(err.Error(), "this dhtop 1.0 version 1") {
		t.Errorf("%v", err)
	}
}

func TestAProgramThatCannotBeAttachedToIsNamed(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{404: "an older dhtop, or none", 200: "it is no dhtop", 302: "it is no dhtop"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
		}))
		err := opened(t, server.URL, Config{Token: func() (string, error) { return "secret of somebody", nil }}).Wait(t.Context())
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer server.Close()
	if err := opened(t, server.URL, Config{}).Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "pass --token-file") {
		t.Errorf("without a token: %v", err)
	}
}

// picture is a base of a Snapshot.
func picture(t *testing.T, n uint64, s any) *protocol.Message {
	t.Helper()
	frame, err := protocol.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return &protocol.Message{Picture: &protocol.Picture{Number: n, Base: true, Shared: frame}}
}

func TestWhatANewerNodeKnowsBesidesIsNamedAndDoesNoHarm(t *testing.T) {
	t.Parallel()
	target := fake(t, func(conn *websocket.Conn, out *protocol.StreamWriter) {
		out.Write(&hello)                                                                                                                         //nolint:errcheck // the client tells
		out.Write(picture(t, 1, map[string]any{"Weather": "fine", "Swarms": 3, "Phase": 77, "Nodes": []any{[]any{map[string]any{"Mode": 200}}}})) //nolint:errcheck // as above
		conn.Read(context.Background())                                                                                                           //nolint:errcheck // until it has gone
		conn.Read(context.Background())                                                                                                           //nolint:errcheck // as above
		conn.Read(context.Background())                                                                                                           //nolint:errcheck // as above
	})
	c, core := attached(t, target, Config{Version: "1.0"})
	s := core.Snapshot()
	if s.Swarms != 3 || s.Phase.String() == "" || s.Nodes[0].Mode.String() == "" {
		t.Errorf("%+v", s)
	}
	u := c.State().Unknown
	if len(u) != 3 || u[0] != "Snapshot.Weather" {
		t.Errorf("%q", u)
	}
	if l := core.Link(); !strings.HasPrefix(l.Lacks, "dhtop 9.0") || strings.Contains(l.Lacks, "\x1b") {
		t.Errorf("%q", l.Lacks)
	}
}

func TestAPictureThatIsDamagedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	asked := make(chan bool, 1)
	target := fake(t, func(conn *websocket.Conn, out *protocol.StreamWriter) {
		out.Write(&hello)                                                                           //nolint:errcheck // the client tells
		out.Write(picture(t, 1, map[string]any{"Swarms": 3}))                                       //nolint:errcheck // as above
		out.Write(&protocol.Message{Picture: &protocol.Picture{Number: 2, Shared: []byte("none")}}) //nolint:errcheck // as above
		for {
			_, b, err := conn.Read(t.Context())
			if err != nil {
				return
			}
			var r protocol.Request
			if protocol.Decode(b, &r) == nil && r.Op == protocol.Rebase.Name {
				asked <- true
				out.Write(picture(t, 3, map[string]any{"Swarms": 4})) //nolint:errcheck // the client tells
			}
		}
	})
	_, core := attached(t, target, Config{})
	<-asked
	eventually(t, "the next picture", func() bool { return core.Snapshot().Swarms == 4 })
}

func TestTheClientBearsEveryNode(t *testing.T) {
	t.Parallel()
	packed := func(b []byte) []byte {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return z.EncodeAll(b, nil)
	}
	bomb := packed(append(binary.AppendUvarint(nil, protocol.MaxMessage), bytes.Repeat([]byte{0xa1, 0, 0}, protocol.MaxMessage/3)...))
	for what, said := range map[string][]byte{
		"nothing compressed": []byte("HTTP/1.1 400 Bad Request"),
		"a huge message":     packed(binary.AppendUvarint(nil, 1<<62)),
		"a bomb":             bomb,
		"a wide window":      {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0, 0},
		"half a message":     packed([]byte{100, 1, 2}),
		"nested lists":       packed(append(binary.AppendUvarint(nil, 1<<20), bytes.Repeat([]byte{0x81}, 1<<20)...)),
		"an empty message":   packed([]byte{1, 0xa0}),
	} {
		target := fake(t, func(conn *websocket.Conn, _ *protocol.StreamWriter) {
			conn.Write(t.Context(), websocket.MessageBinary, said) //nolint:errcheck // the client tells
		})
		if err := opened(t, target, Config{}).Wait(t.Context()); err == nil {
			t.Errorf("%s: it is taken", what)
		}
	}
	for what, m := range map[string]*protocol.Message{
		"a picture of nothing":    {Picture: &protocol.Picture{Number: 1}},
		"a frame of maps":         {Picture: &protocol.Picture{Number: 1, Base: true, Shared: append([]byte{0x9a, 0, 0x0f, 0, 0}, bytes.Repeat([]byte{0xa1, 0, 0}, 0x0f0000)...)}},
		"an answer to no request": {Answer: &protocol.Answer{ID: 99}},
		"nothing":                 {},
	} {
		done := make(chan struct{})
		target := fake(t, func(conn *websocket.Conn, out *protocol.StreamWriter) {
			out.Write(&hello)                                     //nolint:errcheck // the client tells
			out.Write(m)                                          //nolint:errcheck // as above
			out.Write(picture(t, 2, map[string]any{"Swarms": 3})) //nolint:errcheck // as above
			conn.Read(t.Context())                                //nolint:errcheck // until it has gone
			<-done
		})
		_, core := attached(t, target, Config{})
		if s := core.Snapshot(); s.Swarms != 3 {
			t.Errorf("%s: %+v", what, s)
		}
		close(done)
	}
}

func TestAllThatAScreenAloneSeesCanBeSent(t *testing.T) {
	if _, err := record.NewEncoder[protocol.Own](); err != nil {
		t.Error(err)
	}
	if _, err := record.NewEncoder[dhtcore.Snapshot](); err != nil {
		t.Error(err)
	}
}
