package dhtcore

import (
	"context"
	"fmt"
	"io"
	"time"

	"dhtop/dhtcore/alert"
	"dhtop/dhtcore/files"
	"dhtop/dhtcore/watchfile"
)

// WatchConfig says that the watch list is looked up, and who is told of its alerts.
type WatchConfig struct {
	File    string   // of entries, or a directory of .torrent files, read again when it changes; "" for none: see ReadWatchFile
	Exec    []string // a command and its arguments, run for each alert that fires or clears; nil for none
	Webhook string   // a URL to which each is posted as JSON; "" for none
}

// ErrWatch is wrapped by the errors of what cannot be watched.
var ErrWatch = watchfile.Err

// ParseWatch reads what somebody wants to watch: see watchfile.Parse.
func ParseWatch(ctx context.Context, s string) ([]WatchEntry, error) { return watchfile.Parse(ctx, s) }

// NewWatchEntry returns the entry of a torrent, with its trackers and its name: that of its file, else the one given.
func NewWatchEntry(t *Torrent, name string) WatchEntry { return watchfile.NewEntry(t, name) }

// ReadWatchFile reads the entries that a file lists, or the .torrent files of a directory: see watchfile.ReadFile.
func ReadWatchFile(ctx context.Context, path string) ([]WatchEntry, error) {
	return watchfile.ReadFile(ctx, path)
}

// ReadWatchLines is ReadWatchFile for lines from elsewhere: see watchfile.ReadLines.
func ReadWatchLines(ctx context.Context, r io.Reader, name, dir string) ([]WatchEntry, error) {
	return watchfile.ReadLines(ctx, r, name, dir)
}

// SplitWords splits a command into words at spaces. A word may be in quotes, single or double.
func SplitWords(line string) []string { return watchfile.SplitWords(line) }

// CheckWebhook returns what is wrong with the URL of a web hook, nil for nothing.
func CheckWebhook(s string) error { return alert.CheckWebhook(s) }

// watchFileEvery is how often the watch file is looked at for changes.
const watchFileEvery = 5 * time.Second

// watchFile keeps the watch list like a file. One goroutine at a time uses it.
type watchFile struct {
	path  string // absolute; "" for none
	list  *watchList
	stamp uint64 // of what was read last
}

// load reads the file if it has changed. What was read last stays in force while a line is broken.
func (f *watchFile) load(ctx context.Context) error {
	stamp := files.Stamp(f.path)
	if f.path == "" || stamp == f.stamp {
		return nil
	}
	f.stamp = stamp
	entries, err := watchfile.ReadFile(ctx, f.path)
	if err == nil {
		err = f.list.follow(f.path, entries)
	}
	if err != nil {
		return fmt.Errorf("--watch: %w", err)
	}
	f.list.setFileTrouble("")
	return nil
}

// run reads the file again when it changes, until ctx ends.
func (f *watchFile) run(ctx context.Context) {
	for f.path != "" && pauseFor(ctx, watchFileEvery) {
		if err := f.load(ctx); err != nil && ctx.Err() == nil {
			f.list.setFileTrouble(err.Error() + ": the last list stays in force")
		}
	}
}

// follow puts the entries of a file on the list, and takes off those that it no longer lists.
func (w *watchList) follow(path string, entries []WatchEntry) (err error) {
	listed := map[ID]bool{}
	for i := range entries {
		listed[entries[i].Target] = true
		if _, bad := w.add(entries[i]); bad != nil {
			err = bad
		}
	}
	rows, _ := w.all(w.now())
	for _, r := range rows {
		if r.File == path && !listed[r.Target] {
			w.remove(r.Target) //nolint:errcheck // it was there
		}
	}
	return err
}
