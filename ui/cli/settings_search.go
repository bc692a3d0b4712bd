package cli

import (
	"errors"
	"time"
)

// timing is how long a command prepares and searches.
type timing struct{ warm, timeout time.Duration }

func (s *settings) setWarm(d time.Duration) error {
	if d < 0 {
		return errDurations
	}
	s.timing.warm = d
	return nil
}

func (s *settings) setTimeout(d time.Duration) error {
	if d <= 0 {
		return errDurations
	}
	s.timing.timeout = d
	return nil
}

var errDurations = errors.New("--warm and --timeout: want a positive duration, such as 10s")
