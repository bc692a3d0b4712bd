package dhtcore

import (
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/printable"
)

// topic is what a notice is about; a later notice on the same topic replaces an earlier one. Lower
// topics are shown first.
type topic uint8

const (
	aboutStore topic = iota
	aboutRanking
	aboutNetwork
	aboutTable
	topics
)

// notice puts one sentence on the screen until it is replaced, and into the journal when it is new.
// An empty text clears the topic.
func (e *Explorer) notice(t topic, text string) {
	text = printable.String(text)
	e.mu.Lock()
	fresh := text != "" && e.notices[t] != text
	e.notices[t] = text
	e.mu.Unlock()
	if fresh {
		e.warn(text)
	}
}

func (e *Explorer) warn(text string) {
	e.journal.Add(Event{Kind: journal.Warning, Text: printable.String(text)})
}

// Note puts an error of the screen into the journal, to be read there when it is no longer shown.
func (e *Explorer) Note(text string) { e.warn(text) }

// allNotices returns the notices, the most important first. mu is held.
func (e *Explorer) allNotices() (all []string) {
	for about := range topics {
		if text := e.notices[about]; text != "" {
			all = append(all, text)
		}
	}
	return all
}
