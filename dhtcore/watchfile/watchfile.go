// Package watchfile reads what people want to watch: what they paste, the lines of a file, the .torrent files of a directory.
// It is called by dhtcore, for the file of --watch and for its commands, and has no state.
package watchfile

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/watch"
)

// Err is wrapped by the errors of what cannot be watched.
var Err = errors.New("want an info_hash, a magnet link, a .torrent file, or pk: and a public key")

// Parse reads what somebody wants to watch: a torrent in every form that torrent.Parse reads, or a mutable item as
// "pk:KEY" or "pk:KEY/SALT", the key in z-base-32 or in hex. There are several entries where a link names several.
func Parse(ctx context.Context, s string) ([]watch.Entry, error) {
	if strings.HasPrefix(strings.TrimSpace(s), "pk:") {
		item, err := watch.ParseItem(s)
		if err != nil {
			return nil, err
		}
		return []watch.Entry{{Target: item.Target(), Item: item}}, nil
	}
	torrents, err := torrent.Parse(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", Err, err)
	}
	name := ""
	if len(torrents) == 1 {
		name = torrent.MagnetName(s)
	}
	entries := make([]watch.Entry, len(torrents))
	for i := range torrents {
		entries[i] = NewEntry(&torrents[i], name)
	}
	return entries, nil
}

// NewEntry returns the entry of a torrent, with its trackers and its name: that of its file, else the one given, as a
// link or a ranking has it; "" for unknown.
func NewEntry(t *torrent.Torrent, name string) watch.Entry {
	e := watch.Entry{Target: t.Hashes[0], Trackers: t.Trackers}
	if len(t.Hashes) == 2 {
		e.Other = t.Hashes[1]
	}
	if info, err := t.Metadata(); err == nil && info.Name != "" {
		name = info.Name
	}
	e.Label = printable.String(name)
	return e
}

// The options of a line of a file of entries.
const (
	minSeedsOption = "min-seeds="
	scrapeOption   = "scrape=yes"
)

// ReadFile reads the entries that a file lists, or the .torrent files of a directory. A line is what Parse reads,
// in quotes where it has spaces, and then what it may be called, and before that the options min-seeds=N, for an alert when
// there are fewer, and scrape=yes, to ask its trackers too. What follows a # at the start or behind a space is a comment.
// Paths of .torrent files are relative to the file. The errors name the line; the entries of other lines are returned with
// the first of them.
func ReadFile(ctx context.Context, path string) (entries []watch.Entry, err error) {
	note := func(bad error) {
		if err == nil {
			err = bad
		}
	}
	add := func(more []watch.Entry) {
		for _, e := range more {
			e.File = path
			entries = append(entries, e)
		}
	}
	if whole, bad := filepath.Abs(path); bad == nil {
		path = whole
	}
	info, bad := os.Stat(path)
	if bad != nil {
		return nil, bad
	}
	if info.IsDir() {
		files, bad := torrent.Files(path)
		if bad != nil {
			return nil, bad
		}
		for _, file := range files {
			more, bad := Parse(ctx, file)
			if bad != nil {
				note(fmt.Errorf("%s: %w", file, bad))
				continue
			}
			add(more)
		}
		return entries, err
	}
	f, bad := os.Open(path)
	if bad != nil {
		return nil, bad
	}
	defer f.Close() //nolint:errcheck // it was only read
	lined, bad := ReadLines(ctx, f, path, filepath.Dir(path))
	add(lined)
	return entries, bad
}

// ReadLines is ReadFile for lines from elsewhere; name is what errors call them, and dir is where the paths of
// .torrent files begin. The entries have no File.
func ReadLines(ctx context.Context, r io.Reader, name, dir string) (entries []watch.Entry, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		more, bad := parseLine(ctx, lines.Text(), dir)
		if bad != nil {
			err = cmp.Or(err, fmt.Errorf("%s, line %d: %w", name, n, bad))
			continue
		}
		entries = append(entries, more...)
	}
	return entries, cmp.Or(err, lines.Err())
}

// parseLine reads a line of a file in a directory.
func parseLine(ctx context.Context, line, dir string) ([]watch.Entry, error) {
	what, rest := cutWord(withoutComment(line))
	if what == "" {
		return nil, nil
	}
	if strings.HasSuffix(strings.ToLower(what), ".torrent") && !filepath.IsAbs(what) && !strings.Contains(what, ":") {
		what = filepath.Join(dir, what)
		if !strings.ContainsRune(what, '/') {
			what = "./" + what
		}
	}
	entries, err := Parse(ctx, what)
	if err != nil {
		return nil, err
	}
	minSeeds, scrapes := 0, false
	for {
		word, behind := cutWord(rest)
		number, isSeeds := strings.CutPrefix(word, minSeedsOption)
		switch {
		case isSeeds:
			if minSeeds, err = strconv.Atoi(number); err != nil || minSeeds < 0 {
				return nil, fmt.Errorf("%q: want a number of seeds", word)
			}
		case word == scrapeOption:
			scrapes = true
		default:
			for i := range entries {
				e := &entries[i]
				e.MinSeeds, e.Scrape = minSeeds, scrapes
				if rest != "" {
					e.Label = printable.String(rest)
				}
			}
			return entries, nil
		}
		rest = behind
	}
}

// cutWord returns the first word of a line, which may be in quotes, and what follows.
func cutWord(line string) (word, rest string) {
	line = strings.TrimSpace(line)
	if line != "" && (line[0] == '"' || line[0] == '\'') {
		if end := strings.IndexByte(line[1:], line[0]); end >= 0 {
			return line[1 : 1+end], strings.TrimSpace(line[2+end:])
		}
	}
	if i := strings.IndexAny(line, " \t"); i >= 0 {
		return line[:i], strings.TrimSpace(line[i:])
	}
	return line, ""
}

// SplitWords splits a command into words at spaces. A word may be in quotes, single or double.
func SplitWords(line string) (words []string) {
	for word, rest := cutWord(line); word != "" || rest != ""; word, rest = cutWord(rest) {
		words = append(words, word)
	}
	return words
}

// withoutComment cuts a comment off a line.
func withoutComment(line string) string {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}
