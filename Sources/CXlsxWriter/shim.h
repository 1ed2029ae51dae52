// libxlsxwriter: writing .xlsx workbooks.
#include <xlsxwriter.h>
