package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore"
)

// The measures of a stream of events.
const (
	heartbeat      = 15 * time.Second // a comment after so long without an event: proxies and clients then know that it lives
	backfillAtOnce = 1024             // events that are read for a client that comes back
)

// eventsParams are those of the stream of events.
func eventsParams() []param {
	return []param{
		several("kind", "events of these kinds alone", dhtcore.EventKindNames()...),
		infoHash("events of this hash alone"),
		text("last_event_id", "the same as the header Last-Event-ID, for clients that cannot send it", 60),
	}
}

// events answers with a stream of what happens from now on, or since the event of Last-Event-ID (server-sent events, WHATWG
// HTML). Each message is an object of "serve --ndjson". What a client misses, as it is too slow or was away for too long, it
// is told in a message of the type "dropped".
func events(c *call) (status int, document any) {
	s := &eventStream{feed: c.feed, hash: value[dhtcore.ID](c, "info_hash")}
	for _, name := range value[[]string](c, "kind") {
		s.kinds = append(s.kinds, dhtcore.ParseEventKind(name))
	}
	id := c.Header.Get("Last-Event-ID")
	if id == "" {
		id = value[string](c, "last_event_id")
	}
	if id != "" {
		seq, sameRun, err := s.feed.parseEventID(id)
		if err != nil {
			return fail(badParam("Last-Event-ID", "%.60q is not the id of an event: pass the id of the last message that you have, or none", id))
		}
		s.back, s.seq, s.restarted = true, seq, !sameRun
	}
	return http.StatusOK, stream(s.serve)
}

// eventStream is the stream of one client.
type eventStream struct {
	feed  *feed
	kinds []dhtcore.EventKind // none for all
	hash  dhtcore.ID          // zero for all

	back      bool   // the client has been here before, and has seen what is up to seq
	restarted bool   // in another run
	seq       uint64 // of the last event that was sent or left out

	*messages
}

// serve sends events until the client leaves or the server ends.
func (s *eventStream) serve(w http.ResponseWriter, r *http.Request) {
	joined, err := s.feed.join()
	if err != nil {
		asProblem(err).write(w)
		return
	}
	defer s.feed.leave()
	s.messages = newMessages(w, r)
	if r.Method == http.MethodHead {
		return
	}
	s.begin()
	s.catchUp(joined)
	s.follow(r)
}

// catchUp sends what the client has missed since it left, as far as the journal has it.
func (s *eventStream) catchUp(joined uint64) {
	switch {
	case !s.back:
		s.seq = joined
	case s.restarted:
		s.seq = 0
		s.send([]byte("event: dropped\ndata: {\"kind\":\"dropped\",\"dropped\":null,\"reason\":\"dhtop was restarted\"}\n\n"))
	default:
		s.seq = min(s.seq, joined)
	}
	var read []dhtcore.Event
	for s.seq < joined && s.failed == nil {
		read, _ = s.feed.explorer.EventsAfter(read[:0], s.seq, int(min(joined-s.seq, backfillAtOnce)))
		if len(read) == 0 {
			return
		}
		s.sendBatch(s.feed.batch(read))
	}
}

// follow sends what happens, and heartbeats where nothing does.
func (s *eventStream) follow(r *http.Request) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for s.failed == nil {
		batches, more := s.feed.after(s.seq)
		for _, b := range batches {
			s.sendBatch(b)
		}
		if s.failed == nil && len(batches) > 0 {
			s.failed = s.control.Flush()
		}
		select {
		case <-r.Context().Done():
			return
		case <-more:
		case <-beat.C:
			s.send([]byte(": heartbeat\n\n"))
		}
	}
}

// sendBatch sends the events of a batch that are new to the client and that it asks for.
func (s *eventStream) sendBatch(b *batch) {
	if missed := b.events[0].seq - 1; missed > s.seq {
		s.dropped(missed)
	}
	first := slices.IndexFunc(b.events, func(e sent) bool { return e.seq > s.seq })
	if first < 0 || s.failed != nil {
		return
	}
	if !slices.ContainsFunc(s.kinds, func(k dhtcore.EventKind) bool { return b.kinds>>k&1 != 0 }) && len(s.kinds) > 0 {
		s.seq = b.last()
		return
	}
	s.failed = s.control.SetWriteDeadline(time.Now().Add(streamTimeout))
	if len(s.kinds) == 0 && s.hash.Zero() {
		from := 0
		for i := range b.events[:first] {
			from += len(b.events[i].text)
		}
		s.write(b.text[from:])
	} else {
		for i := range b.events[first:] {
			if e := &b.events[first+i]; s.wants(e) {
				s.write(e.text)
			}
		}
	}
	s.seq = b.last()
}

// wants reports whether the client asks for an event.
func (s *eventStream) wants(e *sent) bool {
	return (s.hash.Zero() || e.hash == s.hash) && (len(s.kinds) == 0 || slices.Contains(s.kinds, e.kind))
}

// dropped tells the client how many events it misses: those up to the one with number last.
func (s *eventStream) dropped(last uint64) {
	text := s.feed.appendID([]byte("event: dropped\n"), last)
	text = append(text, `data: {"kind":"dropped","dropped":`...)
	text = strconv.AppendUint(text, last-s.seq, 10)
	s.send(append(text, `,"reason":"they came faster than they were read, or while nobody read them"}`+"\n\n"...))
	s.seq = last
}
