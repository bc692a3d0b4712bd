package dhtcore

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/alert"
	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/watch"
)

// The pace of the watch list, whose budget is that of package watch.
const (
	watchTick     = time.Second
	watchSlack    = 0.5              // of the governor's budget: with less left, others need it
	watchRest     = 30 * time.Second // between two lookups while there is less, so that they never cease
	watchParallel = 3
	watchTimeout  = 45 * time.Second // of a lookup
)

// The errors of the watch list.
var (
	ErrWatchFull  = watch.ErrFull
	ErrNotWatched = errors.New("it is not on the watch list")
	errGuestWatch = errors.New("another dhtop uses this data directory and keeps its watch list: attach to that, or pass --data DIR with another directory")
)

// Watch puts an entry on the watch list, or changes the one of the same target, and reports whether it is new. An empty
// label and no trackers leave those that are known. It is kept in the store, and seen in Snapshot.Watch.
func (e *Explorer) Watch(entry WatchEntry) (fresh bool, err error) { return e.watches.add(entry) }

// Unwatch takes the entry of a hash, or of the target of an item, off the watch list.
func (e *Explorer) Unwatch(hash ID) error { return e.watches.remove(hash) }

// SetWatchLabel names an entry of the watch list.
func (e *Explorer) SetWatchLabel(hash ID, label string) error { return e.watches.label(hash, label) }

// WatchRows returns all entries of the watch list, in the order in which they were added, and the alerts that are kept, the
// newest first. Nobody may change the rows.
func (e *Explorer) WatchRows() (rows []*WatchRow, alerts []Alert) {
	return e.watches.all(e.watches.now())
}

// watchList runs the watch list: it looks up what is due, tells of alerts, and saves. mu guards what follows it.
type watchList struct {
	cfg      *Config
	device   *netbind.Device // that web hooks keep to; nil for none
	clocks   *clocks.Clocks  // of the servers of web hooks; nil for none to read
	lookups  *lookups
	vantages *vantages
	ledger   *ledger.Ledger
	journal  *journal.Journal
	notices  *notices
	trackers watchTrackers
	file     watchFile
	deliver  []*alert.Delivery
	port     watch.PortWatch
	guest    bool             // another process keeps the list: this one only shows it
	changed  func()           // called when there is something new to see
	now      func() time.Time // of its schedule: time.Now, which tests let run ahead
	tick     time.Duration    // between two looks at the schedule: watchTick

	mu       sync.Mutex
	list     *watch.List
	told     []func(Alert) // who is told of alerts; they must not block
	fired    [AlertKinds]int
	used     bool              // something is or was watched
	read     bool              // what is kept in the store
	state    *Watch            // nil when it must be made anew
	troubles map[string]string // by what has it: its file, its deliveries
	joined   bool              // the network was there
	lastRead time.Time
}

func newWatchList(cfg *Config, l *lookups, counts *ledger.Ledger, j *journal.Journal, n *notices, changed func()) *watchList {
	return &watchList{cfg: cfg, lookups: l, vantages: l.vantages, ledger: counts, journal: j, notices: n, changed: changed,
		now: time.Now, tick: watchTick, list: watch.New(rand.Uint64())}
}

// add is Explorer.Watch.
func (w *watchList) add(entry WatchEntry) (fresh bool, err error) {
	if w.guest {
		return false, errGuestWatch
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.used = true
	fresh, err = w.list.Add(entry, w.now())
	w.touch()
	return fresh, err
}

// remove is Explorer.Unwatch.
func (w *watchList) remove(hash ID) error {
	if w.guest {
		return errGuestWatch
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.list.Find(hash)
	if !ok {
		return ErrNotWatched
	}
	cleared, _ := w.list.Remove(e.Target, w.now())
	w.tell(cleared)
	w.touch()
	return nil
}

// label is Explorer.SetWatchLabel.
func (w *watchList) label(hash ID, label string) error {
	if w.guest {
		return errGuestWatch
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.list.Find(hash)
	if !ok {
		return ErrNotWatched
	}
	w.list.SetLabel(e.Target, label)
	w.touch()
	return nil
}

// touch lets the next Snapshot show what has changed. mu is held.
func (w *watchList) touch() {
	w.state = nil
	w.changed()
}

// all is Explorer.WatchRows.
func (w *watchList) all(now time.Time) (rows []*WatchRow, alerts []Alert) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.list.Rows(now), w.list.Alerts(0)
}

// run looks up what is due until ctx ends.
func (w *watchList) run(ctx context.Context) {
	if w.guest || w.cfg.Watch == nil {
		return
	}
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { w.file.run(ctx) })
	for _, d := range w.deliver {
		running.Go(func() { d.Run(ctx) })
	}
	places := make(chan struct{}, watchParallel)
	var last time.Time
	for pauseFor(ctx, w.tick) {
		now := w.now()
		if !w.look(now) || w.vantages.slack() < watchSlack && now.Sub(last) < watchRest {
			continue
		}
		for len(places) < cap(places) {
			entry, ok := w.next(now)
			if !ok {
				break
			}
			last = now
			places <- struct{}{}
			running.Go(func() {
				w.observe(ctx, &entry)
				<-places
			})
			if w.vantages.slack() < watchSlack {
				break
			}
		}
	}
}

// look takes in how our own node is, and reports whether lookups make sense.
func (w *watchList) look(now time.Time) (online bool) {
	outage := w.vantages.outage()
	online = !outage.Offline() && w.vantages.joined(time.Now())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.joined = w.joined || online
	if !w.joined {
		return false
	}
	port, since := watch.PortUnknown, time.Time{}
	if latest, readOnly := w.vantages.lastStranger(); !readOnly {
		port, since = w.port.Look(latest, time.Now())
	}
	w.tell(w.list.SetNode(watch.NodeState{Online: online, Port: port, Since: since}, now))
	return online
}

// next returns the entry that is due.
func (w *watchList) next(now time.Time) (entry WatchEntry, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	entry, ok, _ = w.list.Next(now)
	if ok {
		w.touch()
	}
	return entry, ok
}

// observe looks an entry up and takes in what that found.
func (w *watchList) observe(ctx context.Context, entry *WatchEntry) {
	o := w.lookUp(ctx, entry)
	name := ""
	if entry.Label == "" && !entry.IsItem() {
		name = w.ledger.NamesOf([][20]byte{entry.Target})[0]
	}
	w.takeIn(entry.Target, name, o)
}

// takeIn takes in an observation, and the name of an entry that has none; "" for no name.
func (w *watchList) takeIn(target ID, name string, o WatchObservation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if name != "" {
		w.list.SetLabel(target, name)
	}
	w.tell(w.list.Observe(target, o))
	w.touch()
}

// current is the picture of the list; nil where nothing was ever watched.
func (w *watchList) current(now time.Time) *Watch {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.used && w.list.Len() == 0 {
		return nil
	}
	hour := now.Truncate(time.Hour)
	if w.state != nil && w.lastRead.Equal(hour) {
		return w.state
	}
	rows := w.list.Rows(now)
	w.state = &Watch{Entries: len(rows), Alerts: w.list.Alerts(MaxWatchAlerts), Firing: w.list.Firing(), Fired: w.fired,
		Rate: w.list.Rate(), Trouble: w.troubleText()}
	if mine := w.mine(); len(mine) > 0 {
		w.state.Mine = mine[0]
	}
	if len(rows) > MaxWatchRows { // those with alerts are never left out
		slices.SortStableFunc(rows, func(a, b *WatchRow) int { return min(len(b.Alerts), 1) - min(len(a.Alerts), 1) })
		rows = rows[:MaxWatchRows]
	}
	w.state.Rows, w.lastRead = rows, hour
	return w.state
}

// mine are the addresses of the client of the user, as it was told or as that of this node: then its port is not known.
func (w *watchList) mine() []netip.AddrPort {
	if w.cfg.Mine.IsValid() {
		return []netip.AddrPort{w.cfg.Mine}
	}
	var mine []netip.AddrPort
	for _, v := range w.vantages.list {
		addr := netip.AddrPortFrom(v.External().Addr().Unmap(), 0)
		if addr.Addr().IsValid() && !slices.Contains(mine, addr) {
			mine = append(mine, addr)
		}
	}
	return mine
}

// open reads the watch file, and prepares to tell of alerts.
func (w *watchList) open(ctx context.Context) error {
	c := w.cfg.Watch
	if c == nil || w.guest {
		return nil
	}
	if len(c.Exec) > 0 {
		w.addDelivery(alert.ToCommand(execSetting, c.Exec, func(text string) { w.setTrouble(execSetting, text) }))
	}
	if c.Webhook != "" {
		w.addDelivery(alert.ToWebhook(webhookSetting, w.clocks.Around(snapshot.ClockOfWebhook)(w.device.Transport()), c.Webhook, func(text string) { w.setTrouble(webhookSetting, text) }))
	}
	w.file = watchFile{path: c.File, list: w}
	if whole, err := filepath.Abs(c.File); err == nil && c.File != "" {
		w.file.path = whole
	}
	return w.file.load(ctx)
}
