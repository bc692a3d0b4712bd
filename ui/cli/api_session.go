package cli

import (
	"context"

	"dhtop/ui/api"
	"dhtop/ui/cli/settings"
)

// apiSession is a session with the HTTP API beside it, if the settings want one.
type apiSession struct {
	*session
	server *api.Server   // nil for none
	url    string        // of the HTTP API; "" for none
	done   chan struct{} // closed when the API has ended
}

// openAPISession is openSession with the HTTP API. The caller closes the session, then waits.
func openAPISession(ctx context.Context, c settings.Settings) (apiSession, error) {
	s := apiSession{done: make(chan struct{})}
	var err error
	if c.HTTP == nil {
		close(s.done)
		s.session, err = openSession(ctx, c)
		return s, err
	}
	c.HTTP.Version = version()
	server, err := api.New(*c.HTTP) // first: a port in use is reported before the node sends anything
	if err != nil {
		return s, err
	}
	if s.session, err = openSession(ctx, c); err != nil {
		server.Close() //nolint:errcheck // nobody has asked it for anything
		return s, err
	}
	s.server, s.url = server, server.URL()
	go func() {
		defer close(s.done)
		if err := server.Run(s.ctx, s.Explorer); err != nil {
			s.Note(err.Error())
		}
	}()
	return s, nil
}

// wait ends the session if nothing has, as after a panic, and returns when the HTTP API has ended, too.
func (s *apiSession) wait() {
	s.cancel()
	<-s.done
}
