package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// streamed is one message of a stream.
type streamed struct {
	id, event string
	data      struct {
		Seq     uint64
		Kind    string
		Dropped *uint64
		Reason  string
	}
}

// listening opens the stream at a URL and returns what reads its next message.
func listening(t *testing.T, url string, header map[string]string) (next func() streamed, end func()) {
	t.Helper()
	r := request(t, url, header)
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if got := response.Header; got.Get("Content-Type") != "text/event-stream" || got.Get("Content-Encoding") != "" {
		t.Fatalf("%s %v", response.Status, got)
	}
	lines := bufio.NewScanner(response.Body)
	return func() (m streamed) {
		t.Helper()
		for lines.Scan() {
			name, text, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				m.id = text
			case "event":
				m.event = text
			case "data":
				if err := json.Unmarshal([]byte(text), &m.data); err != nil {
					t.Fatalf("%q: %v", text, err)
				}
			case "":
				if m.data.Kind != "" {
					return m
				}
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return m
	}, func() { response.Body.Close() }
}

func TestAStreamTellsWhatHappensAndWhatItMissed(t *testing.T) {
	t.Parallel()
	url, e := servingExplorer(t, quiet(), Config{})
	next, leave := listening(t, url+"/api/v1/events?kind=warning", nil)
	for i := range 3 {
		e.Note(fmt.Sprint("note ", i))
	}
	first, second := next(), next()
	if first.data.Kind != "warning" || second.data.Seq <= first.data.Seq || !strings.HasSuffix(first.id, fmt.Sprint("-", first.data.Seq)) {
		t.Fatalf("%+v, then %+v", first, second)
	}
	leave()

	next, leave = listening(t, url+"/api/v1/events?kind=warning", map[string]string{"Last-Event-ID": first.id})
	if m := next(); m.data.Seq != second.data.Seq {
		t.Errorf("after %d comes %+v; want %d", first.data.Seq, m, second.data.Seq)
	}
	leave()
	next, leave = listening(t, url+"/api/v1/events?kind=warning&last_event_id="+fmt.Sprint(first.data.Seq), nil)
	if m := next(); m.data.Seq != second.data.Seq {
		t.Errorf("after %d comes %+v; want %d", first.data.Seq, m, second.data.Seq)
	}
	leave()

	next, leave = listening(t, url+"/api/v1/events", map[string]string{"Last-Event-ID": "otherrun-5"})
	if m := next(); m.event != "dropped" || m.data.Dropped != nil || m.data.Reason == "" {
		t.Errorf("after a restart: %+v; want that it is said", m)
	}
	if m := next(); m.data.Seq != 1 {
		t.Errorf("after a restart: %+v; want what is known from the start on", m)
	}
	leave()

	for range journalLen + 100 { // more than the journal holds
		e.Note("flood")
	}
	next, _ = listening(t, url+"/api/v1/events?kind=found", map[string]string{"Last-Event-ID": second.id})
	if m := next(); m.event != "dropped" || m.data.Dropped == nil || *m.data.Dropped < 90 {
		t.Errorf("after a flood: %+v; want how many were dropped", m)
	}
}

// journalLen is about how many events the journal holds.
const journalLen = 1 << 14

func TestAClientThatIsTooSlowIsToldAndCostsNoOther(t *testing.T) {
	e, err := dhtcore.Open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	f := newFeed(e, noMask)
	w := httptest.NewRecorder()
	s := &eventStream{feed: f, messages: newMessages(deadlines{w}, httptest.NewRequest(http.MethodGet, "/", http.NoBody))}
	for n := range uint64(feedBatches + 10) { // nobody reads
		f.publish(t.Context(), f.batch([]dhtcore.Event{{Seq: 2*n + 1, Kind: dhtcore.Found, Hash: dhtcore.ID{byte(n)}}, {Seq: 2*n + 2, Kind: dhtcore.Warning, Text: "w"}}))
	}
	batches, _ := f.after(0)
	for _, b := range batches {
		s.sendBatch(b)
	}
	text := w.Body.String()
	if len(batches) != feedBatches || s.seq != 2*(feedBatches+10) || strings.Count(text, "id: ") != 2*feedBatches+1 ||
		!strings.HasPrefix(text, "event: dropped\nid: "+f.name+"-20\ndata: {\"kind\":\"dropped\",\"dropped\":20,") {
		t.Errorf("%d batches up to %d: %.200q", len(batches), s.seq, text)
	}
	w.Body.Reset()
	*s = eventStream{feed: f, messages: s.messages, seq: 21, hash: dhtcore.ID{12}, kinds: []dhtcore.EventKind{dhtcore.Found}}
	for _, b := range batches {
		s.sendBatch(b)
	}
	if text := w.Body.String(); strings.Count(text, "data: ") != 1 || !strings.Contains(text, `"info_hash":"0c`) {
		t.Errorf("of one hash and kind: %q", text)
	}
}

// deadlines is a recorder that takes deadlines.
type deadlines struct{ *httptest.ResponseRecorder }

func (deadlines) SetWriteDeadline(time.Time) error { return nil }

// large is a batch of one event and a megabyte of comments.
func (f *feed) large(seq uint64) *batch {
	text := fmt.Appendf(f.appendID(nil, seq), "data: {\"seq\":%d,\"kind\":\"warning\"}\n\n", seq)
	text = append(text, strings.Repeat(": "+strings.Repeat("x", 32<<10-3)+"\n", 32)...)
	return &batch{events: []sent{{seq: seq, kind: dhtcore.Warning, text: text}}, text: text}
}

func TestOnlySoMuchIsKeptForClientsThatAreSlow(t *testing.T) {
	f := newFeed(nil, noMask)
	for seq := range uint64(20) {
		f.publish(t.Context(), f.large(seq+1))
	}
	if f.bytes > feedBytes || f.bytes < feedBytes/2 || len(f.batches) != f.bytes>>20 {
		t.Errorf("%d bytes in %d batches", f.bytes, len(f.batches))
	}
	f.publish(t.Context(), &batch{events: []sent{{seq: 21}}, text: make([]byte, 2*feedBytes)})
	if batches, _ := f.after(0); len(batches) != 1 || batches[0].last() != 21 {
		t.Errorf("a batch that is larger than all may be: %d batches", len(batches))
	}
}

func TestAClientThatReadsLateIsToldWhatItMissed(t *testing.T) {
	e, err := dhtcore.Open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	f := newFeed(e, noMask)
	server := httptest.NewServer(http.HandlerFunc((&eventStream{feed: f}).serve))
	defer server.Close()
	next, leave := listening(t, server.URL, nil)
	defer leave()
	eventually(t, "the client", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.clients == 1 })
	const last = 20 // megabytes: more than is kept and what the system takes in
	for seq := range uint64(last) {
		f.publish(t.Context(), f.large(seq+1))
	}
	seen, missed := uint64(0), uint64(0)
	for seen+missed < last {
		if m := next(); m.event == "dropped" {
			missed += *m.data.Dropped
		} else if seen++; m.data.Seq != seen+missed {
			t.Fatalf("event %d after %d and %d missed", m.data.Seq, seen-1, missed)
		}
	}
	if missed == 0 {
		t.Error("it has missed nothing")
	}
}

// narrow is a connection that notes how many bytes may be held for it.
type narrow struct {
	net.Conn
	bytes int
}

func (n *narrow) SetWriteBuffer(bytes int) error { n.bytes = bytes; return nil }

func TestTheSystemHoldsLittleForAStreamThatNobodyReads(t *testing.T) {
	e, err := dhtcore.Open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c := new(narrow)
	r := httptest.NewRequest(http.MethodHead, "/api/v1/events", http.NoBody)
	(&eventStream{feed: newFeed(e, noMask)}).serve(httptest.NewRecorder(), r.WithContext(withConnection(r.Context(), c)))
	if c.bytes != streamBuffer {
		t.Errorf("%d bytes", c.bytes)
	}
}

// discarding is a client that takes what it is sent at once.
type discarding struct{ deadlines }

func (discarding) Write(b []byte) (int, error) { return len(b), nil }
func (discarding) Flush()                      {}

// BenchmarkStreams is what one second of 500 events costs with so many clients, without the system's part.
func BenchmarkStreams(b *testing.B) {
	e, err := dhtcore.Open(quiet())
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	const ticks, perTick = 10, 50
	events := make([]dhtcore.Event, perTick)
	for _, clients := range []int{1, 1000} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) {
			f := newFeed(e, noMask)
			streams := make([]eventStream, clients)
			for i := range streams {
				w := discarding{deadlines{httptest.NewRecorder()}}
				streams[i] = eventStream{feed: f, messages: newMessages(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))}
			}
			seq := uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				for range ticks {
					for i := range events {
						seq++
						events[i] = dhtcore.Event{Seq: seq, Kind: dhtcore.Requested, Hash: dhtcore.ID{byte(i)}, ID: dhtcore.ID{1}, At: time.Now()}
					}
					f.publish(b.Context(), f.batch(events))
					for i := range streams {
						batches, _ := f.after(streams[i].seq)
						for _, batch := range batches {
							streams[i].sendBatch(batch)
						}
					}
				}
			}
		})
	}
}
