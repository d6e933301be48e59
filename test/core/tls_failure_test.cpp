// Are the words of TLS libraries understood?

#include <gtest/gtest.h>

#include "core/tls_failure.hpp"

namespace
{

using gql::TlsProblem;

TlsProblem
problem(CURLcode result, const char *words, bool has_certificate = false)
{
	return gql::tls_problem(result, words, false, has_certificate);
}

TEST(TlsFailure, CertificatesOfTheOtherSide)
{
	struct Case
	{
		const char *words;
		TlsProblem problem;
	};
	for (const Case &at : {
			 Case{"SSL certificate problem: unable to get local issuer certificate",
				  TlsProblem::unknown_authority},
			 Case{"SSL certificate problem: self-signed certificate",
				  TlsProblem::unknown_authority},
			 Case{"SSL certificate problem: self signed certificate in certificate chain",
				  TlsProblem::unknown_authority},
			 Case{"server certificate verification failed. CAfile: none CRLfile: none",
				  TlsProblem::unknown_authority},
			 Case{"SSL certificate problem: certificate has expired", TlsProblem::expired},
			 Case{"server certificate expiration date has passed.", TlsProblem::expired},
			 Case{"SSL certificate problem: certificate is not yet valid",
				  TlsProblem::not_yet_valid},
			 Case{"server certificate not activated yet.", TlsProblem::not_yet_valid},
			 Case{"SSL: no alternative certificate subject name matches target host name 'a.test'",
				  TlsProblem::wrong_host},
			 Case{"SSL: certificate subject name 'b.test' does not match target host name 'a.test'",
				  TlsProblem::wrong_host},
			 Case{"SSL certificate problem: something new", TlsProblem::none},
		 })
	{
		EXPECT_EQ(problem(CURLE_PEER_FAILED_VERIFICATION, at.words), at.problem) << at.words;
	}
}

TEST(TlsFailure, Handshakes)
{
	struct Case
	{
		const char *words;
		TlsProblem problem;
	};
	for (const Case &at : {
			 Case{"error:0A00010B:SSL routines::wrong version number", TlsProblem::not_tls},
			 Case{"error:0A0000C6:SSL routines::packet length too long", TlsProblem::not_tls},
			 Case{"gnutls_handshake() failed: An unexpected TLS packet was received.",
				  TlsProblem::not_tls},
			 Case{"error:0A00042E:SSL routines::tlsv1 alert protocol version",
				  TlsProblem::old_version},
			 Case{"error:0A000102:SSL routines::unsupported protocol", TlsProblem::old_version},
			 Case{"error:0A000410:SSL routines::sslv3 alert handshake failure",
				  TlsProblem::handshake_refused},
			 Case{"OpenSSL SSL_connect: Connection reset by peer in connection to a.test:443 ",
				  TlsProblem::none},
		 })
	{
		EXPECT_EQ(problem(CURLE_SSL_CONNECT_ERROR, at.words), at.problem) << at.words;
	}
	// The same words about something that is no handshake mean nothing.
	EXPECT_EQ(problem(CURLE_RECV_ERROR, "wrong version number"), TlsProblem::none);
	EXPECT_EQ(problem(CURLE_OPERATION_TIMEDOUT, "SSL connection timeout"), TlsProblem::none);
}

TEST(TlsFailure, OurCertificate)
{
	const char *required =
		"OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate "
		"required, errno 0";

	EXPECT_EQ(problem(CURLE_RECV_ERROR, required), TlsProblem::certificate_required);
	EXPECT_EQ(problem(CURLE_RECV_ERROR,
					  "GnuTLS recv error (-12): A TLS fatal alert has been received: Certificate "
					  "is required"),
			  TlsProblem::certificate_required);
	for (const char *words :
		 {"OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0",
		  "error:0A000412:SSL routines::sslv3 alert bad certificate",
		  "error:0A000415:SSL routines::sslv3 alert certificate expired",
		  "error:0A000419:SSL routines::tlsv1 alert access denied"})
	{
		EXPECT_EQ(problem(CURLE_RECV_ERROR, words, true), TlsProblem::certificate_refused);
		EXPECT_EQ(problem(CURLE_SSL_CONNECT_ERROR, words, true), TlsProblem::certificate_refused);
		// Where we have none, it is not ours that was judged.
		EXPECT_EQ(problem(CURLE_RECV_ERROR, words), TlsProblem::certificate_required);
	}
	// Once there was an answer, an alert ends a conversation that had begun.
	EXPECT_EQ(gql::tls_problem(CURLE_RECV_ERROR, required, true, false), TlsProblem::none);
	EXPECT_EQ(problem(CURLE_RECV_ERROR, "Recv failure: Connection reset by peer"),
			  TlsProblem::none);
}

TEST(TlsFailure, EveryProblemHasWords)
{
	for (int i = 1; i <= static_cast<int>(TlsProblem::certificate_refused); i++)
	{
		EXPECT_FALSE(gql::tls_problem_text(static_cast<TlsProblem>(i)).empty()) << i;
	}
}

}    // namespace
