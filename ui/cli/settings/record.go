package settings

import (
	"fmt"

	"dhtop/dhtcore"
)

// defaultRecordMax is dhtcore.DefaultRecordMax.
const defaultRecordMax = "2GB"

// minRecordMax is the smallest limit of recordings: less would hold no more than minutes.
const minRecordMax = 10e6

// Record are the flags that say what of the run is recorded.
func Record() []Setting {
	return []Setting{
		{"record", groupStorage, "",
			"Record every second what the screen could show, for dhtop replay; to `FILE`, or to a directory, with a file an hour; with pseudonyms after --mask-ips",
			field(func(s *Settings) *string { return &s.Explorer.Record.Path })},
		{"record-max", groupStorage, defaultRecordMax,
			"Bound recordings to a `SIZE`, such as 500MB; in a directory the oldest are removed, a file ends; all for no limit",
			with((*Settings).setRecordMax)},
		{"record-packets", groupStorage, false, "Record packets too, with their content",
			field(func(s *Settings) *bool { return &s.Explorer.Record.Packets })},
	}
}

func (s *Settings) setRecordMax(text string) error {
	if text == "all" || text == "0" {
		s.Explorer.Record.Max = 0
		return nil
	}
	size, ok := parseSize(text)
	switch {
	case !ok:
		return fmt.Errorf("--record-max %q: want a size such as 500MB, or all", text)
	case size < minRecordMax:
		return fmt.Errorf("--record-max %s: want at least 10MB", text)
	}
	s.Explorer.Record.Max = size
	return nil
}

// The constant and its text are the same.
var _ = [1]struct{}{}[dhtcore.DefaultRecordMax-2e9]
