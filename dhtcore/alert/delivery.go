// Package alert hands alerts of the watch list to a command and to a web hook. Nothing waits for either. dhtcore makes one
// Delivery for each way, and shows what is wrong with it.
package alert

import (
	"context"
	"net/http"
	"sync"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/watch"
)

// The bounds of deliveries.
const (
	waiting   = 100 // for each way; what comes then is dropped
	parallel  = 4   // commands at a time
	execLimit = 30 * time.Second
	postLimit = 10 * time.Second // of one attempt
)

// retries are the pauses before further attempts to post an alert.
var retries = []time.Duration{2 * time.Second, 10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}

// Delivery hands alerts on in one way. What it has no room for is dropped, and trouble says so. mu guards dropped.
type Delivery struct {
	name    string // of its setting
	queue   chan watch.Alert
	at      int // how many are delivered at a time
	deliver func(ctx context.Context, a *watch.Alert) error
	trouble func(text string) // shows what is wrong; "" for nothing

	mu      sync.Mutex
	dropped int
}

// ToCommand returns a Delivery that runs a command for each alert: see execute. name is that of its setting, and trouble is
// told how the last delivery went, "" for well.
func ToCommand(name string, command []string, trouble func(text string)) *Delivery {
	return newDelivery(name, parallel, execute(command), trouble)
}

// ToWebhook returns a Delivery that posts each alert as JSON to a URL, through what sends the requests.
func ToWebhook(name string, through http.RoundTripper, url string, trouble func(text string)) *Delivery {
	return newDelivery(name, 1, webhook(through, url, retries), trouble)
}

func newDelivery(name string, at int, deliver func(ctx context.Context, a *watch.Alert) error, trouble func(string)) *Delivery {
	return &Delivery{name: name, queue: make(chan watch.Alert, waiting), at: at, deliver: deliver, trouble: trouble}
}

// Tell takes in an alert. It never blocks.
func (d *Delivery) Tell(a watch.Alert) {
	select {
	case d.queue <- a:
	default:
		d.mu.Lock()
		d.dropped++
		d.mu.Unlock()
	}
}

// Run delivers until ctx ends.
func (d *Delivery) Run(ctx context.Context) {
	var working sync.WaitGroup
	defer working.Wait()
	for range d.at {
		working.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case a := <-d.queue:
					d.report(ctx, d.deliver(ctx, &a))
				}
			}
		})
	}
}

// report shows how the last delivery went.
func (d *Delivery) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	text := ""
	if err != nil {
		text = "--" + d.name + ": " + err.Error()
	}
	if d.dropped > 0 {
		if text == "" {
			text = "--" + d.name + ": it takes too long"
		}
		text += "; " + human.Amount(d.dropped, "alert was", "alerts were") + " dropped"
		d.dropped = 0
	}
	d.trouble(text)
}
