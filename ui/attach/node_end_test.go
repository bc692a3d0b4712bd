package attach

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"dhtop/dhtcore"
	"dhtop/ui/api"
	"dhtop/ui/attach/protocol"
)

// raw is a client that says what a test wants it to.
type raw struct {
	t    *testing.T
	conn *websocket.Conn
	in   *protocol.StreamReader
}

// dial connects to a node, without a greeting.
func dial(t *testing.T, target string) (*raw, *http.Response, error) {
	t.Helper()
	to, err := ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	conn, response, err := websocket.Dial(t.Context(), to.URL(protocol.Path), &websocket.DialOptions{HTTPClient: to.Client(nil)})
	if err != nil {
		return nil, response, err
	}
	conn.SetReadLimit(-1)
	r := &raw{t: t, conn: conn}
	t.Cleanup(func() {
		conn.CloseNow()
		r.in.Close()
	})
	r.in, err = protocol.NewStreamReader(&incoming{next: func() (websocket.MessageType, io.Reader, error) { return conn.Reader(t.Context()) }})
	return r, response, err
}

// greeted is a client that has greeted.
func greeted(t *testing.T, target string) *raw {
	t.Helper()
	r, _, err := dial(t, target)
	if err != nil {
		t.Fatal(err)
	}
	r.say(protocol.Greet.NewRequest(0, protocol.Hello{Protocol: protocol.Version, Dhtop: "test"}))
	if m, err := r.in.Read(); err != nil || m.Hello == nil || m.Hello.Protocol != protocol.Version {
		t.Fatalf("%+v, %v", m, err)
	}
	return r
}

func (r *raw) say(b []byte, err error) {
	r.t.Helper()
	if err == nil {
		err = r.conn.Write(r.t.Context(), websocket.MessageBinary, b)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// answer returns the next Answer; Pictures that come before it are passed over.
func (r *raw) answer() *protocol.Answer {
	r.t.Helper()
	for {
		m, err := r.in.Read()
		if err != nil {
			r.t.Fatal(err)
		}
		if m.Answer != nil {
			return m.Answer
		}
	}
}

// end returns what the node says when it ends the connection.
func (r *raw) end() string {
	for {
		if _, err := r.in.Read(); err != nil {
			closed, _ := errors.AsType[websocket.CloseError](err)
			return closed.Reason
		}
	}
}

func TestTheNodeBearsEveryClient(t *testing.T) {
	t.Parallel()
	e, server, _ := node(t, quiet(), api.Config{Addr: "127.0.0.1:0"})
	target := server.URL()

	t.Run("one of another version is told both", func(t *testing.T) {
		r, _, err := dial(t, target)
		if err != nil {
			t.Fatal(err)
		}
		r.say(protocol.Greet.NewRequest(0, protocol.Hello{Protocol: protocol.Version + 1, Dhtop: "9.0"}))
		if m, err := r.in.Read(); err != nil || m.Hello == nil {
			t.Errorf("%+v, %v", m, err)
		}
		if said := r.end(); !strings.Contains(said, "dhtop devel speaks version 1") || !strings.Contains(said, "dhtop 9.0 version 2") {
			t.Errorf("%q", said)
		}
	})

	t.Run("one that takes no picture gets two, and then the newest", func(t *testing.T) {
		r := greeted(t, target)
		var last *protocol.Picture
		for range protocol.Ahead {
			m, err := r.in.Read()
			if err != nil || m.Picture == nil {
				t.Fatalf("%+v, %v", m, err)
			}
			last = m.Picture
		}
		for range 5 { // other requests are answered, and no picture comes
			r.say(protocol.Zoom.NewRequest(7, 1))
			if m, err := r.in.Read(); err != nil || m.Answer == nil || m.Answer.ID != 7 {
				t.Fatalf("%+v, %v", m, err)
			}
			e.Note("something moves")
		}
		r.say(protocol.Rebase.NewRequest(0, protocol.None{}))
		r.say(protocol.Take.NewRequest(0, protocol.Taken{Number: last.Number, Every: -1}))
		m, err := r.in.Read()
		if err != nil || m.Picture == nil || !m.Picture.Base || m.Picture.Number != last.Number+1 {
			t.Fatalf("%+v, %v", m, err)
		}
		var f frames
		if err := errors.Join(f.open(), f.add(m.Picture)); err != nil {
			t.Fatal(err)
		}
		if n := len(f.snapshot(new(filters)).Warnings); n < 5 {
			t.Errorf("the picture has %d of 5 warnings", n)
		}
	})

	t.Run("requests of every form", func(t *testing.T) {
		r := greeted(t, target)
		ask := func(op string, args any) string {
			t.Helper()
			raw, err := protocol.Encode(args)
			if err != nil {
				t.Fatal(err)
			}
			r.say(protocol.Encode(protocol.Request{ID: 1, Op: op, Args: raw}))
			return r.answer().Error
		}
		for _, c := range []struct {
			op   string
			args any
			says string
		}{
			{"no such thing", 1, `does not know "no such thing"`},
			{strings.Repeat("x", 999), 1, "does not know"},
			{"zoom", "text", "not of the form"},
			{"zoom", 300, "not of the form"},
			{"lookup", dhtcore.ID{1}, "read-only"},
			{"scenario", 7, "read-only"},
			{"look", map[string]any{"order": map[string]any{"Column": 99}}, "does not know the order"},
			{"look", map[string]any{"swarms": map[string]any{"Column": 99}}, "does not know the order"},
			{"look", map[string]any{"packets": true, "packet_filter": "no:such:field"}, "no"},
			{"look", map[string]any{"packets": true, "packet_filter": strings.Repeat("(", 9000)}, ""},
			{"look", map[string]any{"what is new": 1}, ""},
			{"past", int64(math.MinInt64), ""},
			{"past", int64(math.MaxInt64), ""},
			{"take", map[string]any{"n": uint64(1) << 63, "every": -5}, ""},
			{"stop_ping", nil, ""},
			{"lab", nil, ""},
		} {
			if said := ask(c.op, c.args); c.says == "" && strings.Contains(said, "form") || !strings.Contains(said, c.says) {
				t.Errorf("%s %v: %q", c.op, c.args, said)
			}
		}
	})

	for what, say := range map[string]func(r *raw){
		"nothing that can be read": func(r *raw) { r.say([]byte("GET / HTTP/1.1"), nil) },
		"too much":                 func(r *raw) { r.say(make([]byte, protocol.MaxRequest+1), nil) },
		"a nested message": func(r *raw) {
			r.say(append([]byte{0xa2, 0x62, 'o', 'p', 0x64, 'l', 'o', 'o', 'k', 0x64, 'a', 'r', 'g', 's'}, []byte(strings.Repeat("\x81", 60_000))...), nil)
		},
		"a text": func(r *raw) {
			r.conn.Write(context.Background(), websocket.MessageText, []byte("hello")) //nolint:errcheck // seen below
		},
	} {
		t.Run(what, func(t *testing.T) {
			for _, r := range []*raw{greeted(t, target), func() *raw { r, _, _ := dial(t, target); return r }()} {
				say(r)
				if said := r.end(); said != "a message that this dhtop cannot read" && said != "a message that is too large" && what != "too much" {
					t.Errorf("%q", said)
				}
			}
		})
	}

	t.Run("so many at once, of which some places are for commands", func(t *testing.T) {
		taken := 0
		for range 40 {
			_, response, err := dial(t, target)
			if err == nil {
				taken++
				continue
			}
			if response == nil || response.StatusCode != http.StatusServiceUnavailable {
				t.Fatal(err)
			}
			break
		}
		if taken > 24 || taken < 10 { // those of the tests before may be about to go
			t.Errorf("%d may look", taken)
		}
	})
	if s := e.Snapshot(); s.Lab == nil {
		t.Error("the node has ended")
	}
}
