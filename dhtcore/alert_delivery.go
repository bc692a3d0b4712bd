package dhtcore

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/human"
)

// The bounds of deliveries.
const (
	alertsWaiting  = 100 // for each way; what comes then is dropped
	alertParallel  = 4   // commands at a time
	alertExecLimit = 30 * time.Second
	alertPostLimit = 10 * time.Second // of one attempt
)

// alertRetries are the pauses before further attempts to post an alert.
var alertRetries = []time.Duration{2 * time.Second, 10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}

// alertDelivery hands alerts to a command and to a web hook. Nothing waits for either: what they have no room for is
// dropped, and Watch.Trouble says so.
type alertDelivery struct {
	name    string // of its setting
	queue   chan Alert
	at      int // how many are delivered at a time
	deliver func(ctx context.Context, a *Alert) error
	trouble func(text string) // shows what is wrong; "" for nothing

	mu      sync.Mutex
	dropped int
}

func newAlertDelivery(name string, at int, deliver func(ctx context.Context, a *Alert) error, trouble func(string)) *alertDelivery {
	return &alertDelivery{name: name, queue: make(chan Alert, alertsWaiting), at: at, deliver: deliver, trouble: trouble}
}

// tell takes in an alert. It never blocks.
func (d *alertDelivery) tell(a Alert) {
	select {
	case d.queue <- a:
	default:
		d.mu.Lock()
		d.dropped++
		d.mu.Unlock()
	}
}

// run delivers until ctx ends.
func (d *alertDelivery) run(ctx context.Context) {
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
func (d *alertDelivery) report(ctx context.Context, err error) {
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
