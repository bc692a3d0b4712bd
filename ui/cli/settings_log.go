package cli

import "fmt"

func (s *settings) setLogLevel(name string) (err error) {
	s.log, err = parseLogLevel(name)
	return err
}

func (s *settings) setLogFormat(name string) error {
	switch f := logFormat(name); f {
	case logText, logJSON:
		s.logs.format = f
		return nil
	}
	return fmt.Errorf("--log-format %q: want text or json", name)
}

func (s *settings) setLogRate(n float64) error {
	if !(n >= 0 && n <= maxLimit) { // NaN is neither
		return fmt.Errorf("--log-rate %v: want lines per second up to %.0e, or 0 for all", n, maxLimit)
	}
	s.logs.rate = n
	return nil
}

// logging returns how serve logs.
func (s *settings) logging() logOptions {
	o := s.logs
	o.level, o.form = s.log, s.form.Options
	return o
}
