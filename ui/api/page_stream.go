package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/page"
	"dhtop/views/report"
)

// pageEvery is how often a page in a browser gets new contents.
const pageEvery = time.Second

// pageFeed renders the parts of the status page once a second for all browsers that show it, and only while there is one.
// mu guards what is below it.
type pageFeed struct {
	explorer *dhtcore.Explorer
	options  report.Options

	mu      sync.Mutex
	clients int
	stop    context.CancelFunc // of run
	latest  []byte             // a message of the stream; nil before the first
	more    chan struct{}      // closed and replaced when there is another
}

func newPageFeed(e *dhtcore.Explorer, o report.Options) *pageFeed {
	return &pageFeed{explorer: e, options: o, more: make(chan struct{})}
}

// join adds a client, which leaves by leave. The error is a problem: there are maxStreams clients.
func (f *pageFeed) join() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clients == maxStreams {
		return tooManyStreams()
	}
	if f.clients++; f.clients == 1 {
		var ctx context.Context
		ctx, f.stop = context.WithCancel(context.Background())
		go f.run(ctx)
	}
	return nil
}

// leave removes a client.
func (f *pageFeed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clients--; f.clients == 0 {
		f.stop()
		f.latest = nil
	}
}

// run renders until ctx ends.
func (f *pageFeed) run(ctx context.Context) {
	tick := time.NewTicker(pageEvery)
	defer tick.Stop()
	for {
		if parts, err := page.Parts(f.explorer.Snapshot(), f.options); err == nil {
			f.publish(ctx, parts)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// publish hands out the parts, unless the last client has left meanwhile.
func (f *pageFeed) publish(ctx context.Context, parts []byte) {
	text := append([]byte("event: parts\ndata: "), parts...)
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	f.latest = append(text, "\n\n"...)
	close(f.more)
	f.more = make(chan struct{})
}

// current returns the latest message, nil for none yet, and a channel that is closed when there is another.
func (f *pageFeed) current() (message []byte, more <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.latest, f.more
}

// pageStream answers with the parts of the page, once a second. A browser that is slow misses some.
func pageStream(c *call) (status int, document any) {
	f := c.pages
	return http.StatusOK, stream(func(w http.ResponseWriter, r *http.Request) {
		if err := f.join(); err != nil {
			asProblem(err).write(w)
			return
		}
		defer f.leave()
		s := newMessages(w, r)
		if r.Method == http.MethodHead {
			return
		}
		for s.begin(); s.failed == nil; {
			message, more := f.current()
			if message != nil {
				s.send(message)
			}
			select {
			case <-r.Context().Done():
				return
			case <-more:
			}
		}
	})
}
