package dhtcore

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/datadir"
	"dhtop/dhtcore/files"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/store"
)

// disksEvery is how often the disks are asked for their room, and the system for the way out.
const disksEvery = 10 * time.Second

// checker looks after this machine, once a second. mu guards what follows it.
type checker struct {
	dirs    []string // whose disks matter
	dataDir string
	guest   bool
	hosts   *hostChecks
	store   *storeSync
	notices *notices
	wayOut  func(Family) WayOut            // nil for none to look at
	nodes   func(now time.Time) NodeChecks // nil for none asked
	clocks  *clocks.Clocks                 // nil for none to compare with

	mu     sync.Mutex
	last   time.Time
	looked time.Time // at the disks
	now    Checkup
}

// newChecker returns one that knows the newest file of earlier runs in the data directory.
func newChecker(cfg *Config, dir datadir.Dir, hosts *hostChecks, s *storeSync, n *notices) *checker {
	c := &checker{dataDir: cfg.DataDir, guest: cfg.DataDir != "" && cfg.Demo == nil && !dir.Owned(), hosts: hosts, store: s, notices: n}
	if cfg.DataDir != "" {
		c.dirs = append(c.dirs, cfg.DataDir)
		c.now.Newest = newestIn(cfg.DataDir)
	}
	if path := cfg.Record.Path; path != "" {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		if filepath.Clean(path) != filepath.Clean(cfg.DataDir) {
			c.dirs = append(c.dirs, path)
		}
	}
	if s.enabled() && !store.IsPostgres(cfg.Store) {
		if path, err := store.Path(cfg.Store); err == nil && filepath.Dir(path) != filepath.Clean(cfg.DataDir) {
			c.dirs = append(c.dirs, filepath.Dir(path))
		}
	}
	return c
}

// newestIn returns when the newest file of a directory was written, but for the lock, which has just been taken.
func newestIn(dir string) (newest time.Time) {
	entries, _ := os.ReadDir(dir) // without any there is nothing to compare with
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.Name() != datadir.LockFile && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest
}

// look takes in the clock, and now and then the disks.
func (c *checker) look(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.last.IsZero() {
		step := now.Round(0).Sub(c.last.Round(0)) - now.Sub(c.last) // by the wall clock, and by the monotonic one
		if step.Abs() > c.now.Jump.Abs() {
			c.now.Jump = step
		}
	}
	c.last = now
	if now.Sub(c.looked) >= disksEvery || c.looked.IsZero() {
		c.looked = now
		c.now.Disks = nil // the old ones are in Snapshots
		for _, dir := range c.dirs {
			c.now.Disks = append(c.now.Disks, diskOf(dir))
		}
		if c.wayOut != nil {
			c.now.Ways = [2]WayOut{IPv4: c.wayOut(IPv4), IPv6: c.wayOut(IPv6)}
		}
	}
}

// setSandbox takes in whether the process is confined.
func (c *checker) setSandbox(s SandboxState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.Sandbox = s
}

// checkup returns what is known now.
func (c *checker) checkup() Checkup {
	c.mu.Lock()
	now := c.now
	c.mu.Unlock()
	now.Guest, now.DataDir, now.Hosts = c.guest, c.dataDir, c.hosts.list()
	if c.nodes != nil {
		now.Nodes = c.nodes(time.Now())
	}
	if c.clocks != nil {
		now.Clocks = c.clocks.List(time.Now())
	}
	if c.store.enabled() {
		now.Trouble = c.notices.text(aboutStore)
		if at := c.store.saved.Load(); at != 0 {
			now.Saved = time.Unix(0, at)
		}
	}
	return now
}

// diskOf returns the room on the disk of a directory.
func diskOf(dir string) Disk {
	d := Disk{Path: dir}
	var err error
	if d.Free, d.Total, err = files.Space(dir); err != nil {
		d.Err = printable.String(human.Cause(err).Error())
	}
	return d
}
