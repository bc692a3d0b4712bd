package scrape

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore/bencode"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// maxRetry bounds how long a tracker may want to be left alone: a year.
const maxRetry = 365 * 24 * 60 // minutes

// reply is the body of an answer over HTTP.
type reply struct {
	swarms  []Swarm // in the order of the hashes
	retryIn time.Duration
	never   bool
	warning string
}

// errNotBencoded is the error of an answer that no tracker gives.
var errNotBencoded = errors.New("its answer is not bencoded: there is no tracker at that URL, or a web page in its place")

// parseReply reads the answer to a scrape of hashes (BEP 48). The error is a *failure where the tracker says why
// there is none. A hash that the tracker leaves out is not Known; what it was not asked for is skipped.
func parseReply(body []byte, hashes []wire.ID) (r reply, err error) {
	c := bencode.Cursor{Bytes: body}
	if !c.At('d') {
		return r, errNotBencoded
	}
	var refusal *failure
	files := false
	r.swarms = unknown(len(hashes))
	for key := range c.Dict() {
		switch string(key) {
		case "files":
			files = c.At('d')
			readFiles(&c, hashes, r.swarms)
		case "failure reason":
			refusal = &failure{printable.Cut(c.Text(), maxText)}
		case "warning message":
			r.warning = printable.Cut(c.Text(), maxText)
		case "retry in":
			r.readRetry(&c)
		case "flags":
			r.readFlags(&c)
		default:
			c.Skip()
		}
	}
	switch {
	case refusal != nil:
		return r, refusal
	case c.Bad:
		return r, errors.New("its answer is broken or cut off: try again later")
	case !files:
		return r, errors.New("its answer has no counts: it may not support scraping")
	}
	return r, nil
}

// unknown returns n swarms of which nothing is known.
func unknown(n int) []Swarm {
	list := make([]Swarm, n)
	for i := range list {
		list[i] = unknownSwarm
	}
	return list
}

// readFiles reads the counts of the hashes that were asked for. Of several for one hash the last ones count.
func readFiles(c *bencode.Cursor, hashes []wire.ID, swarms []Swarm) {
	for key := range c.Dict() {
		at := indexOf(hashes, key)
		if at < 0 || !c.At('d') {
			c.Skip()
			continue
		}
		s := unknownSwarm
		s.Known = true
		for key := range c.Dict() {
			switch string(key) {
			case "complete":
				s.Seeders = max(c.Number(), Unknown)
			case "incomplete":
				s.Leechers = max(c.Number(), Unknown)
			case "downloaded":
				s.Completed = max(c.Number(), Unknown)
			default:
				c.Skip()
			}
		}
		if !c.Bad {
			for i := range hashes { // the same hash may be asked for twice
				if hashes[i] == hashes[at] {
					swarms[i] = s
				}
			}
		}
	}
}

// indexOf returns where a key stands in hashes, -1 for nowhere. It is 20 bytes; some trackers write 40 hexadecimal
// digits, and webtorrent's the bytes as if they were Latin-1, in UTF-8.
func indexOf(hashes []wire.ID, key []byte) int {
	return slices.IndexFunc(hashes, func(hash wire.ID) bool {
		switch {
		case len(key) == len(hash):
			return string(key) == string(hash[:])
		case len(key) == 2*len(hash) && string(key) == hash.String():
			return true
		}
		return len(key) > len(hash) && len(key) <= 2*len(hash) && string(key) == latin1(hash)
	})
}

// latin1 returns the bytes of a hash as characters.
func latin1(hash wire.ID) string {
	text := make([]rune, len(hash))
	for i, b := range hash {
		text[i] = rune(b)
	}
	return string(text)
}

// readRetry reads how long the tracker wants to be left alone: minutes, or "never" (BEP 31).
func (r *reply) readRetry(c *bencode.Cursor) {
	minutes := int64(-1)
	if c.At('i') {
		minutes = c.Number()
	} else {
		text := string(c.Text())
		r.never = text == "never"
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			minutes = n
		}
	}
	if minutes > 0 {
		r.retryIn = time.Duration(min(minutes, maxRetry)) * time.Minute
	}
}

// readFlags reads min_request_interval, in seconds (BEP 48).
func (r *reply) readFlags(c *bencode.Cursor) {
	for key := range c.Dict() {
		if string(key) != "min_request_interval" {
			c.Skip()
			continue
		}
		if seconds := c.Number(); seconds > 0 && r.retryIn == 0 {
			r.retryIn = time.Duration(min(seconds, 60*maxRetry)) * time.Second
		}
	}
}
