package api

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
	"unsafe"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// The measures of the feed.
const (
	feedEvery   = 100 * time.Millisecond // how often it reads the journal, and clients are woken at most
	feedBatch   = 4096                   // events that it reads at once
	feedBatches = 128                    // that it keeps for clients that are slow: some ten seconds
	feedBytes   = 8 << 20                // that these take at most: fewer seconds of a busy node
)

// feed reads the journal once for all clients of /api/v1/events, and writes each event once. It reads only while there
// is a client. A client has no queue of its own: it reads the batches at its own pace, and one that is too slow misses
// some, which costs nobody else anything. mu guards what is below it.
type feed struct {
	explorer *dhtcore.Explorer
	options  report.Options
	name     string // of this run of dhtop, in the IDs of messages

	mu      sync.Mutex
	clients int
	stop    context.CancelFunc // of run
	batches []*batch           // the oldest first, at most feedBatches of feedBytes together, but at least one
	bytes   int                // of batches
	read    uint64             // number of the last event that was read
	more    chan struct{}      // closed and replaced when there is another batch
}

// batch is some events as they are sent, at least one. Nobody changes it.
type batch struct {
	events []sent
	text   []byte // of all events
	kinds  uint64 // a bit for each that occurs
}

// sent is an event in its batch.
type sent struct {
	seq  uint64
	kind dhtcore.EventKind
	hash dhtcore.ID
	text []byte // a part of the batch's
}

func newFeed(e *dhtcore.Explorer, o report.Options) *feed {
	return &feed{explorer: e, options: o, name: strconv.FormatInt(time.Now().UnixMilli(), 36), more: make(chan struct{})}
}

// join adds a client, which is told of what happens from now on: after the event with number seq. It leaves by leave. The
// error is a problem: there are maxStreams clients.
func (f *feed) join() (seq uint64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clients == maxStreams {
		return 0, tooManyStreams()
	}
	if f.clients++; f.clients == 1 {
		if events := f.explorer.Snapshot().Events; len(events) > 0 {
			f.read = max(f.read, events[len(events)-1].Seq)
		}
		var ctx context.Context
		ctx, f.stop = context.WithCancel(context.Background())
		go f.run(ctx)
	}
	return f.read, nil
}

// leave removes a client. Without one nothing is read.
func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clients--; f.clients == 0 {
		f.stop()
		f.batches, f.bytes = nil, 0
	}
}

// run reads the journal until ctx ends.
func (f *feed) run(ctx context.Context) {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	var events []dhtcore.Event
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for full := true; full; {
			f.mu.Lock()
			from := f.read
			f.mu.Unlock()
			events, _ = f.explorer.EventsAfter(events[:0], from, feedBatch)
			if full = len(events) == feedBatch; len(events) > 0 {
				f.publish(ctx, f.batch(events))
			}
		}
	}
}

// batch writes events.
func (f *feed) batch(events []dhtcore.Event) *batch {
	b := &batch{events: make([]sent, len(events))}
	ends := make([]int, len(events))
	for i := range events {
		b.text = f.appendEvent(b.text, &events[i])
		ends[i] = len(b.text)
	}
	from := 0
	for i := range events {
		e := &events[i]
		b.kinds |= 1 << e.Kind
		b.events[i] = sent{e.Seq, e.Kind, e.Hash, b.text[from:ends[i]:ends[i]]}
		from = ends[i]
	}
	return b
}

// appendEvent appends an event as a message of the stream.
func (f *feed) appendEvent(dst []byte, e *dhtcore.Event) []byte {
	dst = append(f.appendID(dst, e.Seq), "data: "...)
	return append(report.AppendEvent(dst, e, f.options), '\n')
}

// publish adds a batch, unless the last client has left meanwhile.
func (f *feed) publish(ctx context.Context, b *batch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	f.batches, f.read = append(f.batches, b), b.last()
	f.bytes += b.size()
	for len(f.batches) > feedBatches || f.bytes > feedBytes && len(f.batches) > 1 {
		f.bytes -= f.batches[0].size()
		f.batches[0] = nil
		f.batches = f.batches[1:]
	}
	close(f.more)
	f.more = make(chan struct{})
}

// last is the number of the last event.
func (b *batch) last() uint64 { return b.events[len(b.events)-1].seq }

// size is about how many bytes of memory a batch takes.
func (b *batch) size() int { return len(b.text) + len(b.events)*int(unsafe.Sizeof(sent{})) }

// after returns the batches that have events after seq, and a channel that is closed when there are more.
func (f *feed) after(seq uint64) (batches []*batch, more <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := slices.IndexFunc(f.batches, func(b *batch) bool { return b.last() > seq })
	if first >= 0 {
		batches = slices.Clone(f.batches[first:])
	}
	return batches, f.more
}
