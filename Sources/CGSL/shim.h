// The GNU Scientific Library: distribution functions and their inverses, and linear algebra.
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
// Its linear algebra.
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
